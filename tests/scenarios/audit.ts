import assert from "node:assert/strict";
import { type ApiBox, newFan } from "../support/api_box.ts";
import { changeRoom, joinRoom, makeRoom } from "../support/room.ts";
import { putOnSale } from "../support/sale.ts";
import type { Scenario } from "./scenario.ts";

const MINUTE_MS = 60_000;

async function auditLog(box: ApiBox, room: string) {
  const { body } = await box.call("GET", `/v1/admin/audit?room=${room}`, { operator: true });
  return body.items;
}

export function auditScenarios(test: Scenario): void {
  test("every change of a room is recorded: operator, time, old and new values, reason", async (open) => {
    const box = await open();
    const at = () => new Date(box.clock()).toISOString();
    const opensAt = new Date(box.clock() + MINUTE_MS).toISOString();
    const room = await makeRoom(box, { state: "CLOSED", opensAt, reason: "set up" });
    const madeAt = at();
    box.clock.advance(1_000);
    await changeRoom(box, room, { capacity: 5, reason: "smaller house" });
    const changedAt = at();
    box.clock.advance(MINUTE_MS);
    await changeRoom(box, room, { state: "HELD" });
    const log = await auditLog(box, room);
    const { after: made, ...first } = log.at(-1);
    assert.deepEqual(first, {
      at: madeAt,
      operator: "operator",
      action: "ROOM_CREATED",
      room,
      subject: null,
      before: null,
      reason: "set up",
    });
    assert.equal(made.state, "CLOSED");
    assert.deepEqual(log.slice(0, -1), [
      {
        at: at(),
        operator: "operator",
        action: "ROOM_CHANGED",
        room,
        subject: null,
        before: { state: "OPEN" },
        after: { state: "HELD" },
        reason: null,
      },
      {
        at: opensAt,
        operator: "the clock",
        action: "ROOM_OPENED",
        room,
        subject: null,
        before: { state: "CLOSED", opensAt },
        after: { state: "OPEN", opensAt: null },
        reason: null,
      },
      {
        at: changedAt,
        operator: "operator",
        action: "ROOM_CHANGED",
        room,
        subject: null,
        before: { capacity: 1000 },
        after: { capacity: 5 },
        reason: "smaller house",
      },
    ]);
  });

  test("an opening by time is recorded by the cron", async (open) => {
    const box = await open();
    const opensAt = new Date(box.clock() + MINUTE_MS).toISOString();
    const room = await makeRoom(box, { state: "LOBBY", opensAt });
    await joinRoom(box, room, newFan("a"));
    box.clock.advance(MINUTE_MS);
    await box.tick();
    await box.tick();
    const actions = (await auditLog(box, room)).map(({ action }: { action: string }) => action);
    assert.deepEqual(actions, ["ROOM_OPENED", "ROOM_CREATED"]);
  });

  test("a change that changes nothing is not recorded", async (open) => {
    const box = await open();
    const room = await makeRoom(box);
    const { body } = await changeRoom(box, room, { state: "OPEN", capacity: 1000 });
    assert.equal(body.version, 1);
    assert.equal((await auditLog(box, room)).length, 1);
  });

  test("acts on queues, caches and concerts are recorded too", async (open) => {
    const box = await open();
    const room = await makeRoom(box, { state: "HELD" });
    const fan = newFan("a");
    await joinRoom(box, room, fan);
    await box.call("POST", `/v1/admin/rooms/${room}/promotions`, {
      operator: true,
      json: { count: 1, reason: "a guest" },
    });
    await box.call("DELETE", `/v1/admin/rooms/${room}/places/${encodeURIComponent(fan)}`, {
      operator: true,
    });
    const { concertId } = await putOnSale(box, { room });
    await box.call("PATCH", `/v1/admin/concerts/${concertId}`, {
      operator: true,
      json: { status: "WITHDRAWN", reason: "the singer is ill" },
    });
    const log = await auditLog(box, room);
    const records = log.map((
      { action, subject, reason, before, after: is }: Record<string, unknown>,
    ) => ({
      action,
      subject,
      reason,
      before,
      is,
    }));
    assert.deepEqual(records.slice(0, 1), [{
      action: "CONCERT_CHANGED",
      subject: String(concertId),
      reason: "the singer is ill",
      before: { status: "ON_SALE" },
      is: { status: "WITHDRAWN" },
    }]);
    assert.deepEqual(
      records.slice(1).map(({ action, subject }: typeof records[0]) => [action, subject]),
      [
        ["CONCERT_CREATED", String(concertId)],
        ["PLACE_ENDED", fan],
        ["PROMOTED", null],
        ["ROOM_CREATED", null],
      ],
    );
    assert.deepEqual(records[3].is, { count: 1, expired: 0, admitted: 1 });
    const reason = `to be sure of ${room}`;
    const evicted = await box.call("POST", "/v1/admin/caches/evictions", {
      operator: true,
      json: { reason },
    });
    assert.ok(evicted.body.evicted >= 1);
    const { body } = await box.call("GET", "/v1/admin/audit?limit=100", { operator: true });
    const entry = body.items.find((item: { reason: string }) => item.reason === reason);
    assert.deepEqual([entry.action, entry.room], ["CACHES_EVICTED", null]);
  });

  test("bad settings are refused, each named, and change nothing", async (open) => {
    const box = await open();
    const room = await makeRoom(box);
    const past = new Date(box.clock() - 1).toISOString();
    const faults: [object, string][] = [
      [{ state: "AJAR" }, "state"],
      [{ capacity: 0 }, "capacity"],
      [{ capacity: 1.5 }, "capacity"],
      [{ admissionsPerMinute: -1 }, "admissionsPerMinute"],
      [{ pollMaxSeconds: 1 }, "pollMaxSeconds"],
      [{ pollMinSeconds: 61 }, "pollMinSeconds"],
      [{ state: "LOBBY", opensAt: past }, "opensAt"],
      [{ opensAt: new Date(box.clock() + MINUTE_MS).toISOString() }, "opensAt"],
      [{ opensAt: "tomorrow" }, "opensAt"],
      [{ holdTtlSeconds: "5" }, "holdTtlSeconds"],
      [{ reason: "only a reason" }, ""],
      [{ endLobby: true }, ""],
      [{ state: "HELD", endLobby: "yes" }, "endLobby"],
      [{ colour: "red" }, ""],
      [{}, ""],
    ];
    for (const [json, path] of faults) {
      const { status, body } = await box.call("PATCH", `/v1/admin/rooms/${room}`, {
        operator: true,
        json,
      });
      assert.deepEqual([status, body.code], [400, "VALIDATION_FAILED"], JSON.stringify(json));
      if (path) assert.equal(body.errors[0].path, path);
    }
    const { body } = await box.call("GET", `/v1/admin/rooms/${room}`, { operator: true });
    assert.equal(body.version, 1);
    for (const name of ["Main", "-a", "a-", "a".repeat(33), ""]) {
      const json = { room: name };
      const made = await box.call("POST", "/v1/admin/rooms", { operator: true, json });
      assert.deepEqual([made.status, made.body.errors[0].path], [400, "room"], name);
      const joined = await box.call("POST", "/v1/queue/tokens", { fan: newFan("a"), json });
      assert.deepEqual([joined.status, joined.body.errors[0].path], [400, "room"], name);
    }
  });
}
