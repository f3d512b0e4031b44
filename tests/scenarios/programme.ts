import assert from "node:assert/strict";
import type { ApiBox } from "../support/api_box.ts";
import { putOnSale } from "../support/sale.ts";
import { trips } from "./round_trips.ts";
import type { Scenario } from "./scenario.ts";

const HOUR_MS = 3_600_000;

async function all(box: ApiBox, limit = 100) {
  const found: { concertId: number; room: string; schedules: object[] }[] = [];
  for (let query = `?limit=${limit}`;;) {
    const { status, body } = await box.call("GET", `/v1/programme${query}`);
    assert.equal(status, 200);
    assert.ok(body.concerts.length <= limit);
    found.push(...body.concerts);
    if (body.nextCursor === null) return found;
    query = `?limit=${limit}&cursor=${body.nextCursor}`;
  }
}

export function programmeScenarios(test: Scenario): void {
  test("everybody reads the programme, before a sale opens, and sees a change at once", async (open) => {
    const box = await open();
    const sale = await putOnSale(box, { dates: [1, 1], opensInMs: HOUR_MS });
    for (const limit of [100, 1]) {
      const found = (await all(box, limit)).filter((one) => one.concertId === sale.concertId);
      assert.equal(found.length, 1, `limit ${limit}`);
      assert.equal(found[0]!.room, "main");
      assert.deepEqual(found[0]!.schedules.map((schedule) => Object.keys(schedule).sort()), [
        ["concertAt", "reservationAvailableAt", "salesEndAt", "scheduleId"],
        ["concertAt", "reservationAvailableAt", "salesEndAt", "scheduleId"],
      ]);
    }
    const json = { title: "Day Train" };
    await box.call("PATCH", `/v1/admin/concerts/${sale.concertId}`, { operator: true, json });
    const renamed = (await all(box)).find((one) => one.concertId === sale.concertId);
    assert.equal((renamed as { title?: string } | undefined)?.title, "Day Train");
    await box.call("PATCH", `/v1/admin/concerts/${sale.concertId}`, {
      operator: true,
      json: { status: "WITHDRAWN" },
    });
    assert.equal((await all(box)).some((one) => one.concertId === sale.concertId), false);
  });

  test("the programme costs a cache hit one round trip, and a repeated read none", async (open) => {
    const box = await open();
    await putOnSale(box, { dates: [1] });
    await all(box);
    await box.settle();
    const again = await box.call("GET", "/v1/programme");
    assert.deepEqual(trips(again), { redis: 0, postgres: 0 });
  });

  test("blocks that are not there cost no call to a store", async (open) => {
    const box = await open();
    await box.call("GET", "/v1/programme");
    await box.settle();
    for (const block of [1, 63, 999, 100_000]) {
      const cursor = btoa(`${block}.999999999`).replaceAll("=", "");
      const answer = await box.call("GET", `/v1/programme?cursor=${cursor}`);
      assert.deepEqual([answer.status, answer.body], [200, { nextCursor: null, concerts: [] }]);
      assert.deepEqual(trips(answer), { redis: 0, postgres: 0 }, `block ${block}`);
    }
  });

  test("a bad limit or cursor of the programme is refused by name", async (open) => {
    const box = await open();
    for (const query of ["limit=0", "limit=101", "cursor=nonsense", "room=main"]) {
      const { status, body } = await box.call("GET", `/v1/programme?${query}`);
      assert.equal(status, 400, query);
      assert.equal(body.errors[0].path, query.split("=")[0]);
    }
  });
}
