import assert from "node:assert/strict";
import type { Answer, Call } from "../../../../src/tools/load_test/api/call.ts";
import type { HttpClient } from "../../../../src/tools/load_test/api/http_client.ts";
import { createStopSwitch, Stopped } from "../../../../src/tools/load_test/api/stop_switch.ts";
import type { Fan, SaleContext } from "../../../../src/tools/load_test/crowd/fan.ts";
import { createFans } from "../../../../src/tools/load_test/crowd/create_fans.ts";
import { runFanSession } from "../../../../src/tools/load_test/crowd/fan_session.ts";
import { createObservations } from "../../../../src/tools/load_test/observations.ts";

const QUEUE_ANSWER = {
  token: "a-queue-token",
  ticket: 1,
  position: null,
  estimatedWaitSeconds: null,
  pollAfterSeconds: null,
  reason: null,
};
const SEAT = { seatId: 1, seatNumber: 1, price: 100, status: "AVAILABLE" };
const HOLD = { reservationId: "rsv_1", scheduleId: 7, seatId: 1, price: 100 };
const BODIES: Record<string, unknown> = {
  "join": { ...QUEUE_ANSWER, state: "ADMITTED" },
  "concerts": { concerts: [{ concertId: 3 }] },
  "schedules": { schedules: [{ scheduleId: 7, status: "ON_SALE" }] },
  "seats": { seats: [SEAT] },
  "hold": { reservations: [HOLD], totalPrice: 100 },
  "cancel": { ...HOLD, status: "CANCELLED" },
  "charge": { balance: 100 },
  "pay": {
    payments: [{ paymentId: "pay_1", reservationId: "rsv_1", amount: 100 }],
    totalAmount: 100,
    balance: 0,
  },
};

type Reply = (call: Call) => Answer<unknown>;
const times = { redisCalls: 1, sentAtMs: 0, receivedAtMs: 0 };
const succeed = (body: unknown): Answer<unknown> => (
  { ...times, ok: true, status: 201, text: JSON.stringify(body), body }
);
const refuse = (status: number, code: string): Answer<unknown> => (
  { ...times, ok: false, status, text: "", problem: { code } }
);

/** A fan who changes seats, and otherwise buys without a fault. */
async function createFan(): Promise<Fan> {
  const settings = { fans: 1, seed: 1, noShows: 0, lobbySeconds: 0 };
  const [fan] = await createFans(settings, "test", async () => "bearer");
  const traits = {
    ...fan!.traits,
    ...{ arrivesAfterMs: 0, seatsWanted: 1, changesSeats: true },
    ...{ paysLate: false, walksAway: false, undercharges: false, greedy: false },
    ...{ joinFault: "none", chargeFault: "none", payFault: "none" } as const,
  };
  return { ...fan!, traits };
}

async function runSession(reply: Reply) {
  const observations = createObservations();
  const send = async (call: Call) => reply(call);
  const context: SaleContext = {
    client: { send, sendOnce: send } as HttpClient,
    observations,
    stopSwitch: createStopSwitch(),
    operatorToken: "operator",
    room: "rush-test",
    concertId: 3,
    thinkSeconds: 0,
    wallClock: () => 0,
    now: () => 0,
    roomAgeMs: 0,
    selfChargeForbidden: false,
  };
  const fan = await createFan();
  return { ending: await runFanSession(fan, context), observations, fan };
}

Deno.test("runFanSession() buys a seat after a change of seats", async () => {
  const { ending, observations, fan } = await runSession(({ name }) => succeed(BODIES[name]));
  assert.equal(ending, "bought");
  assert.equal(observations.counts.get("seats changed"), 1);
  assert.deepEqual([observations.contractFaults, fan.log.paid], [[], 100]);
});

Deno.test("runFanSession() uses the newest queue token, and counts the polls without Redis", async () => {
  const sent: string[] = [];
  const { ending, observations: { counts } } = await runSession(({ name, queueToken }) => {
    sent.push(`${name} ${queueToken}`);
    const waiting = { ...QUEUE_ANSWER, state: "WAITING", pollAfterSeconds: 0 };
    if (name === "join") return succeed({ ...waiting, token: "first" });
    if (name !== "poll") return succeed(BODIES[name]);
    const polls = sent.filter((call) => call.startsWith("poll ")).length;
    const { token: _, ...unchanged } = waiting;
    if (polls === 1) return succeed({ ...waiting, token: "second" });
    if (polls === 2) return { ...succeed(unchanged), redisCalls: 0 };
    return succeed({ ...unchanged, state: "ADMITTED" });
  });
  assert.equal(ending, "bought");
  const names = ["polls", "polls that say", "polls without Redis"] as const;
  assert.deepEqual(names.map((name) => counts.get(name)), [3, 3, 1]);
  assert.deepEqual(sent.slice(1, 5), [
    "poll first",
    "poll second",
    "poll second",
    "concerts second",
  ]);
});

Deno.test("runFanSession() states the answer that it did not expect", async () => {
  const { ending, observations } = await runSession(({ name }) =>
    name === "cancel" ? refuse(404, "RESERVATION_NOT_FOUND") : succeed(BODIES[name])
  );
  assert.equal(ending, "bought");
  assert.deepEqual(observations.contractFaults, [
    "a cancel was answered with 404 RESERVATION_NOT_FOUND",
  ]);
});

Deno.test("runFanSession() states what a stopped fan was waiting for", async () => {
  const { ending, observations } = await runSession(({ name }) => {
    if (name === "cancel") throw new Stopped("cancel (last attempt: no answer)");
    return succeed(BODIES[name]);
  });
  assert.equal(ending, "did not finish");
  assert.deepEqual(observations.unfinished, ["cancel (last attempt: no answer)"]);
  assert.deepEqual(observations.contractFaults, []);
});
