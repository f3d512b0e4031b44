import assert from "node:assert/strict";
import { type ApiBox, type Received, UNKNOWN_ID } from "../support/api_box.ts";
import { type Buyer, buyTickets, withdraw } from "./tickets.ts";
import type { Scenario } from "./scenario.ts";

const NORTH = "n".repeat(32);
const SOUTH = "s".repeat(32);
const DOORS = { DOOR_TOKEN: `north:${NORTH},south:${SOUTH}` };
const PATH = "/v1/admin/checkins";

interface Sent {
  readonly token?: string;
  readonly key?: string;
}

/** A check-in by a door, or by the operator if no token is given. */
function checkIn(box: ApiBox, json: unknown, { token, key }: Sent = {}): Promise<Received> {
  return box.call("POST", PATH, {
    ...(token ? { headers: { Authorization: `Bearer ${token}` } } : { operator: true }),
    ...(key ? { key } : {}),
    json,
  });
}

async function refusedCheckIn(box: ApiBox, json: unknown, sent?: Sent) {
  const { status, body } = await checkIn(box, json, sent);
  return [status, body.code];
}

const codeOf = ({ tickets: [ticket] }: Buyer): string => ticket.code;

export function checkInScenarios(test: Scenario): void {
  test("POST /v1/admin/checkins lets a ticket in once (B8)", async (open) => {
    const box = await open(DOORS);
    const buyer = await buyTickets(box);
    const [ticket] = buyer.tickets;
    const code = codeOf(buyer);
    const { scheduleId } = ticket;
    box.clock.advance(1_000);
    const letIn = await checkIn(box, { code, scheduleId, door: "Gate 3" }, { token: NORTH });
    const checkedInAt = new Date(box.clock()).toISOString();
    assert.deepEqual([letIn.status, letIn.body], [201, {
      ...ticket,
      status: "CHECKED_IN",
      checkedInAt,
      door: "Gate 3",
    }]);
    box.clock.advance(1_000);
    for (const token of [NORTH, SOUTH, undefined]) {
      const { status, body } = await checkIn(box, { code }, token ? { token } : {});
      assert.deepEqual([status, body.code, body.checkedInAt, body.door], [
        409,
        "ALREADY_CHECKED_IN",
        checkedInAt,
        "Gate 3",
      ]);
    }
    const { body } = await box.call("GET", `/v1/tickets/${ticket.ticketId}`, { fan: buyer.fan });
    assert.deepEqual(body, letIn.body);
  });

  test("fifty doors at once let a ticket in once (B8)", async (open) => {
    const box = await open(DOORS);
    const code = codeOf(await buyTickets(box));
    const answers = await Promise.all(
      Array.from(
        { length: 50 },
        (_, door) => checkIn(box, { code, door: `Gate ${door}` }, { token: NORTH }),
      ),
    );
    const codes = Object.groupBy(answers, ({ status, body }) => `${status} ${body.code ?? ""}`);
    assert.equal(codes["409 ALREADY_CHECKED_IN"]?.length, 49);
  });

  test("a door is named by its token, and an operator's check-in is in the audit log", async (open) => {
    const box = await open(DOORS);
    const [byDoor, byOperator] = [await buyTickets(box), await buyTickets(box)];
    assert.equal((await checkIn(box, { code: codeOf(byDoor) }, { token: SOUTH })).status, 201);
    assert.equal((await checkIn(box, { code: codeOf(byDoor) })).body.door, "south");
    assert.equal((await checkIn(box, { code: codeOf(byOperator) })).status, 201);
    assert.equal((await checkIn(box, { code: codeOf(byOperator) })).body.door, null);
    const { body } = await box.call("GET", "/v1/admin/audit", { operator: true });
    const subjects = body.items
      .filter(({ action }: { action: string }) => action === "TICKET_CHECKED_IN")
      .map(({ operator, subject }: { operator: string; subject: string }) => [operator, subject]);
    assert.deepEqual(subjects[0], ["operator", byOperator.tickets[0].ticketId]);
    const all = subjects.map(([, subject]: string[]) => subject);
    assert.ok(!all.includes(byDoor.tickets[0].ticketId));
  });

  test("a code that this service did not sign is TICKET_CODE_INVALID, and no store is asked", async (open) => {
    const box = await open(DOORS);
    const other = await open({ ...DOORS, SIGNING_KEY: "6".repeat(64) });
    const code = codeOf(await buyTickets(box));
    const [version, ticketId, _, keyId, signature] = code.split(".");
    const codes = [
      "",
      "x",
      "\0",
      code.slice(0, -1),
      `${code}\n`,
      [version, ticketId, String(UNKNOWN_ID), keyId, signature].join("."),
      codeOf(await buyTickets(other)),
      "x".repeat(60_000),
    ];
    for (const forged of codes) {
      const answer = await checkIn(box, { code: forged }, { token: NORTH });
      assert.deepEqual([answer.status, answer.body.code], [400, "TICKET_CODE_INVALID"]);
      assert.match(answer.headers.get("Server-Timing")!, /redis;desc="0".*postgres;desc="0"/);
    }
    assert.equal((await checkIn(box, { code })).status, 201);
  });

  test("SIGNING_KEY signs with the first and accepts the others", async (open) => {
    const [one, two] = ["1".repeat(64), "2".repeat(64)];
    const before = await open({ ...DOORS, SIGNING_KEY: one! });
    const rotated = await open({ ...DOORS, SIGNING_KEY: `${two},${one}` });
    const buyer = await buyTickets(before);
    const old = codeOf(buyer);
    const { body } = await rotated.call("GET", "/v1/tickets", { fan: buyer.fan });
    const [{ code: present, ...ticket }] = body.items;
    assert.notEqual(present, old);
    const token = NORTH;
    const unknown = await refusedCheckIn(before, { code: present }, { token });
    assert.deepEqual(unknown, [400, "TICKET_CODE_INVALID"]);
    const letIn = await checkIn(rotated, { code: old }, { token });
    assert.equal(letIn.status, 201);
    assert.deepEqual([letIn.body.ticketId, letIn.body.code], [ticket.ticketId, old]);
    const again = await refusedCheckIn(rotated, { code: present }, { token });
    assert.deepEqual(again, [409, "ALREADY_CHECKED_IN"]);
  });

  test("a ticket of another date or of a withdrawn concert is let in nowhere", async (open) => {
    const box = await open(DOORS);
    const buyer = await buyTickets(box);
    const code = codeOf(buyer);
    const { scheduleId } = (await buyTickets(box)).tickets[0];
    for (const other of [scheduleId, UNKNOWN_ID]) {
      const json = { code, scheduleId: other };
      assert.deepEqual(await refusedCheckIn(box, json), [409, "TICKET_OTHER_SCHEDULE"]);
    }
    await withdraw(box, buyer);
    assert.deepEqual(await refusedCheckIn(box, { code }), [409, "TICKET_VOID"]);
  });

  test("a check-in with a key may be repeated, by the same caller", async (open) => {
    const box = await open(DOORS);
    const code = codeOf(await buyTickets(box));
    const sent = { token: NORTH, key: "scan-1" };
    const first = await checkIn(box, { code }, sent);
    box.clock.advance(60_000);
    const again = await checkIn(box, { code }, sent);
    assert.deepEqual([first.status, again.status, again.text], [201, 201, first.text]);
    const changed = await refusedCheckIn(box, { code, door: "Gate 3" }, sent);
    assert.deepEqual(changed, [422, "IDEMPOTENCY_KEY_REUSED"]);
    for (const other of [{ token: SOUTH, key: "scan-1" }, { key: "scan-1" }, { token: NORTH }]) {
      assert.deepEqual(await refusedCheckIn(box, { code }, other), [409, "ALREADY_CHECKED_IN"]);
    }
    const malformed = await refusedCheckIn(box, { code }, { token: NORTH, key: "a b" });
    assert.deepEqual(malformed, [400, "IDEMPOTENCY_KEY_REQUIRED"]);
  });

  test("a check-in names each fault of its body", async (open) => {
    const box = await open(DOORS);
    const see = async (json: unknown) => {
      const { status, body } = await checkIn(box, json, { token: NORTH });
      const paths = body.errors?.map(({ path }: { path: string }) => path);
      return [status, body.code, [...new Set(paths)]];
    };
    const code = "x";
    const faults: [unknown, string][] = [
      [{}, "code"],
      [{ code: 1 }, "code"],
      [{ code, scheduleId: 0 }, "scheduleId"],
      [{ code, scheduleId: "1" }, "scheduleId"],
      [{ code, door: "" }, "door"],
      [{ code, door: "x".repeat(65) }, "door"],
      [{ code, door: "\0" }, "door"],
      [{ code, gate: "1" }, "gate"],
      [[], "body"],
    ];
    for (const [json, path] of faults) {
      assert.deepEqual(await see(json), [400, "VALIDATION_FAILED", [path]]);
    }
  });

  test("DOOR_TOKEN opens the check-in alone", async (open) => {
    const box = await open(DOORS);
    const { body: { paths } } = await box.call("GET", "/openapi.json");
    const headers = { Authorization: `Bearer ${NORTH}` };
    let routes = 0;
    for (
      const [template, methods] of Object.entries<Record<string, { security: object[] }>>(paths)
    ) {
      const path = template.replaceAll(/\{(\w+)\}/g, "1");
      for (const [method, { security }] of Object.entries(methods)) {
        const needsBearer = security.some((need) => !("queueToken" in need) || "userToken" in need);
        if (!needsBearer || path === PATH) continue;
        const json = method === "get" ? {} : { json: {} };
        const { status, body } = await box.call(method.toUpperCase(), path, { headers, ...json });
        assert.deepEqual([status, body.code], [401, "UNAUTHENTICATED"], `${method} ${path}`);
        routes++;
      }
    }
    assert.ok(routes > 25, `${routes} routes were asked`);
    const code = "x";
    for (const token of [`north:${NORTH}`, NORTH.slice(1), await box.userToken("a")]) {
      assert.deepEqual(await refusedCheckIn(box, { code }, { token }), [401, "UNAUTHENTICATED"]);
    }
    const without = await open();
    const refused = await refusedCheckIn(without, { code }, { token: NORTH });
    assert.deepEqual(refused, [401, "UNAUTHENTICATED"]);
  });
}
