import assert from "node:assert/strict";
import { createStanchionClient } from "../../../src/client/client.ts";
import { createAllowance } from "../../../src/local/crowd/allowance.ts";
import { seededRandom } from "../../../src/local/crowd/seeded_random.ts";
import { visit } from "../../../src/local/crowd/visit.ts";
import { localTarget } from "../../support/local_target.ts";
import { putOnSale } from "../../support/sale.ts";

const BASE = "http://localhost:8787";
const VISITS = 80;
const SEATS = 20;

Deno.test("many visits sell four of ten seats at most, hold half at most, and leave nobody inside", async () => {
  const target = await localTarget();
  const box = await target.open();
  try {
    const { concertId } = await putOnSale(box, { dates: [SEATS, SEATS] });
    const allowance = createAllowance();
    const datesOf = async () =>
      (await box.call("GET", `/v1/admin/concerts/${concertId}`, { operator: true })).body
        .schedules as { seatsLeft: number; seatsHeld: number }[];
    let mostTaken = 0;
    for (let number = 1; number <= VISITS; number++) {
      const client = createStanchionClient({
        baseUrl: BASE,
        accessToken: await box.userToken(`crowd ${number}`),
        fetch: (url, init) => box.fetch(new Request(url, init)),
      });
      await visit({
        client,
        allowance,
        random: seededRandom(number),
        async sleep(ms) {
          box.clock.advance(ms);
          for (const { seatsLeft, seatsHeld } of await datesOf()) {
            mostTaken = Math.max(mostTaken, SEATS - seatsLeft + seatsHeld);
          }
        },
      });
      await box.settle();
    }
    const sold = (await datesOf()).map(({ seatsLeft }) => SEATS - seatsLeft);
    for (const count of sold) assert.ok(count >= SEATS / 4 && count <= 0.4 * SEATS, `${sold} sold`);
    assert.ok(mostTaken > Math.max(...sold) && mostTaken <= SEATS / 2, `${mostTaken} taken`);
    const { body } = await box.call("GET", "/v1/queue");
    assert.deepEqual([body.waiting, body.admitted], [0, 0]);
  } finally {
    await box.close();
    await target.close();
  }
});
