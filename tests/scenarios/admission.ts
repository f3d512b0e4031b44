import assert from "node:assert/strict";
import { type ApiBox, newFan } from "../support/api_box.ts";
import { putOnSale, type Sale } from "../support/sale.ts";
import type { OpenBox, Scenario } from "./scenario.ts";

/** All that only an admitted fan may do. */
function tryEverything(box: ApiBox, fan: string, place: string, sale: Sale) {
  const { scheduleId, seatIds } = sale.schedules[0]!;
  const dates = `/v1/concerts/${sale.concertId}/schedules`;
  const json = { concertId: sale.concertId, scheduleId, seatIds: [seatIds[0]] };
  return Promise.all([
    box.call("GET", "/v1/concerts", { fan, place }),
    box.call("GET", dates, { fan, place }),
    box.call("GET", `${dates}/${scheduleId}/seats`, { fan, place }),
    box.call("POST", "/v1/reservations", { fan, place, json }),
  ]);
}

/** One slot, and a fan in it who has tried everything, which fills the cache. */
async function openSale(open: OpenBox) {
  const box = await open({ QUEUE_CAPACITY: "1", ADMISSION_TTL_SECONDS: "60" });
  const fan = newFan("in");
  const beforeReset = await box.join(fan);
  await box.wipeLine();
  const sale = await putOnSale(box);
  const place = await box.join(fan);
  const answers = await tryEverything(box, fan, place, sale);
  assert.deepEqual(answers.map(({ status }) => status), [200, 200, 200, 201]);
  return { box, sale, fan, place, beforeReset };
}

export function admissionScenarios(test: Scenario): void {
  test("D2: a waiting fan gets no list, no schedules, no seats and no hold, cached or not", async (open) => {
    const { box, sale } = await openSale(open);
    const fan = newFan("waiting");
    const place = await box.join(fan);
    for (const { status, body, headers } of await tryEverything(box, fan, place, sale)) {
      assert.deepEqual([status, body.code, body.line.state], [403, "NOT_ADMITTED", "WAITING"]);
      assert.equal(headers.get("Retry-After"), String(body.line.pollAfterSeconds));
      assert.match(headers.get("Server-Timing")!, /postgres;desc="0"/);
    }
  });

  test("D2: a fan whose admission has ended, who has left, or whose queue was reset gets none of them", async (open) => {
    const ended = await openSale(open);
    ended.box.clock.advance(60_000);
    const left = await openSale(open);
    await left.box.call("DELETE", "/v1/queue/tokens/me", { place: left.place });
    const reset = await openSale(open);
    for (
      const [{ box, sale, fan }, place, reason] of [
        [ended, ended.place, "ENDED"],
        [left, left.place, "ENDED"],
        [reset, reset.beforeReset, "LINE_RESET"],
      ] as const
    ) {
      for (const { status, body } of await tryEverything(box, fan, place, sale)) {
        assert.deepEqual([status, body.code, body.line.reason], [403, "NOT_ADMITTED", reason]);
      }
    }
  });
}
