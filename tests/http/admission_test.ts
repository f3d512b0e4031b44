import assert from "node:assert/strict";
import { openEmbeddedDatabase } from "../../src/adapters/postgres/pglite.ts";
import { type Box, openBox } from "../support/box.ts";
import { putOnSale, type Sale } from "../support/sale.ts";

const database = await openEmbeddedDatabase();
Deno.test.afterAll(() => database.close());

/** All that only an admitted fan may do. */
function tryEverything(box: Box, fan: string, place: string, sale: Sale) {
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

async function openSale() {
  const box = openBox(database.sql, {
    settings: { QUEUE_CAPACITY: "1", ADMISSION_TTL_SECONDS: "60" },
  });
  const sale = await putOnSale(box);
  const place = await box.join("in");
  const answers = await tryEverything(box, "in", place, sale);
  assert.deepEqual(answers.map(({ status }) => status), [200, 200, 200, 201]);
  return { box, sale, place };
}

Deno.test("D2: a waiting fan gets no list, no schedules, no seats and no hold, cached or not", async () => {
  const { box, sale } = await openSale();
  const place = await box.join("waiting");
  for (const { status, body, headers } of await tryEverything(box, "waiting", place, sale)) {
    assert.deepEqual([status, body.code, body.line.state], [403, "NOT_ADMITTED", "WAITING"]);
    assert.equal(headers.get("Retry-After"), String(body.line.pollAfterSeconds));
    assert.match(headers.get("Server-Timing")!, /postgres;desc="0"/);
  }
});

Deno.test("D2: nor does a fan whose admission has ended, or who has left, or whose line was reset", async () => {
  const ended = await openSale();
  ended.box.clock.advance(60_000);
  const left = await openSale();
  await left.box.call("DELETE", "/v1/queue/tokens/me", { place: left.place });
  const reset = await openSale();
  const before = await openBox(database.sql).join("in");
  for (
    const [{ box, sale }, place, reason] of [
      [ended, ended.place, "ENDED"],
      [left, left.place, "ENDED"],
      [reset, before, "LINE_RESET"],
    ] as const
  ) {
    for (const { status, body } of await tryEverything(box, "in", place, sale)) {
      assert.deepEqual([status, body.code, body.line.reason], [403, "NOT_ADMITTED", reason]);
    }
  }
});
