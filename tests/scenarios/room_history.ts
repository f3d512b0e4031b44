import assert from "node:assert/strict";
import { newFan } from "../support/api_box.ts";
import { joinRoom, makeRoom } from "../support/room.ts";
import { holdSeats, pay, putOnSale } from "../support/sale.ts";
import { trips } from "./round_trips.ts";
import type { Scenario } from "./scenario.ts";

const MAIN = "/v1/admin/rooms/main/history";

export function roomHistoryScenarios(test: Scenario): void {
  test("an operator sees the last hour of a room", async (open) => {
    const box = await open();
    const { call } = box;
    const room = await makeRoom(box, { capacity: 1 });
    const path = `/v1/admin/rooms/${room}/history`;
    const fan = newFan("buyer");
    const sale = await putOnSale(box, { dates: [3], price: 0, room });
    const place = (await joinRoom(box, room, fan)).body.token;
    await joinRoom(box, room, newFan("behind"));
    const [seatId] = sale.schedules[0]!.seatIds;
    const held = await holdSeats(box, fan, place, sale, [seatId!]);
    const tick = () => call("POST", "/v1/admin/queue/promotions", { operator: true, json: {} });
    assert.equal((await tick()).status, 200);
    await box.settle();
    await call("GET", "/v1/queue/tokens/me", { place: "x.y.z" });

    const { status, body } = await call("GET", path, { operator: true });
    assert.equal(status, 200);
    const { at, seatsAvailable: _, ...moment } = body.line[0];
    assert.deepEqual([body.room, body.line.length, typeof at], [room, 1, "string"]);
    assert.deepEqual(moment, {
      state: "OPEN",
      gathered: 0,
      waiting: 1,
      admitted: 1,
      parked: 0,
      capacity: 1,
      admissionsPerMinute: null,
      noShowsPerMinute: null,
      estimatedWait: moment.estimatedWait,
      waited: null,
    });
    const { low, middle, high } = moment.estimatedWait;
    assert.ok(low <= middle && middle <= high);
    const sums = () =>
      body.sales.reduce(
        (
          sum: number[],
          { holds, sales, amount }: Record<string, number>,
        ) => [sum[0]! + holds!, sum[1]! + sales!, sum[2]! + amount!],
        [0, 0, 0],
      );
    assert.deepEqual(sums(), [1, 0, 0]);
    const { minutes } = body.isolate;
    assert.ok(
      minutes.length > 0 && Date.parse(body.isolate.since) <= Date.parse(minutes[0].at) + 60_000,
    );
    const refused = minutes.flatMap(({ refusals }: { refusals: { code: string }[] }) => refusals);
    assert.ok(refused.some(({ code }: { code: string }) => code === "QUEUE_TOKEN_INVALID"));
    await pay(box, fan, held);
    await box.settle();
    const later = await call("GET", path, { operator: true });
    assert.deepEqual(trips(later), { redis: 1, postgres: 1 });
    assert.equal(
      later.body.sales.reduce((n: number, one: { sales: number }) => n + one.sales, 0),
      1,
    );
  });

  test("the last hour of a room is the operator's, and of a room that exists", async (open) => {
    const { call } = await open();
    assert.equal((await call("GET", MAIN, { fan: newFan("a") })).status, 401);
    const missing = await call("GET", "/v1/admin/rooms/no-such-room/history", { operator: true });
    assert.deepEqual([missing.status, missing.body.code], [404, "ROOM_NOT_FOUND"]);
    const bad = await call("GET", "/v1/admin/rooms/NO/history", { operator: true });
    assert.deepEqual([bad.status, bad.body.errors[0].path], [400, "room"]);
  });
}
