import { CONCERTS_KEYS } from "../../src/application/cache_keys.ts";
import assert from "node:assert/strict";
import { memoryCache } from "../../src/adapters/memory/cache.ts";
import { createPendingWork, SETTLED_AFTER_MS } from "../../src/application/pending_work.ts";
import {
  createRefundService,
  MAX_REFUND_BATCHES,
  REFUND_BATCH,
} from "../../src/application/refund_service.ts";
import type { ConcertId, RoomId } from "../../src/domain/ids.ts";
import { ok } from "../../src/domain/result.ts";
import type { RefundEffects, Refunds } from "../../src/ports/refunds.ts";
import { testClock } from "../support/test_clock.ts";

const CONCERT = 7 as ConcertId;
const ORDER = {
  scheduleId: null,
  act: { operator: "alex", reason: "rain" },
  seatsBackOnSale: true,
};

/** Refunds of one concert in memory: `left` payments are still to be refunded. */
function scriptedRefunds(left: number, writesEvents: boolean) {
  const state = {
    left,
    batches: 0,
    failures: 0,
    others: 0,
    accepted: 0,
    /** What happens while an act is under way, and what its commit does. */
    meanwhile: async () => {},
    onAccept: () => {},
  };
  const effects: RefundEffects = {
    rooms: ["main" as RoomId],
    concertsWithChangedSchedule: [CONCERT],
    changedConcerts: [CONCERT],
    ...writesEvents ? { events: true } : {},
  };
  const job = () => ({
    refundId: "rfd_1" as const,
    scheduleId: null,
    reason: "the singer is ill",
    seatsBackOnSale: true,
    total: left,
    refunded: left - state.left,
    amount: 0,
    finishedAt: state.left === 0 ? "2030-01-01T00:00:00.000Z" : null,
  });
  const refunds: Refunds = {
    refund: () => Promise.reject(new Error("no refund of one payment")),
    refundOwn: () => Promise.reject(new Error("no refund of one payment")),
    async accept() {
      await state.meanwhile();
      state.accepted++;
      state.onAccept();
      return ok({ isNew: true, job: job(), replayed: false });
    },
    get: async () => job(),
    async carryOn(_refundId, limit) {
      state.batches++;
      if (state.failures-- > 0) throw new Error("cut off");
      const refunded = Math.min(limit, state.left);
      state.left -= refunded;
      const unfinished = state.left + state.others > 0;
      return { refunded, effects: refunded > 0 ? effects : null, unfinished };
    },
  };
  return { refunds, state };
}

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

function refundService(left: number, { writesEvents = false } = {}) {
  const clock = testClock();
  const { refunds, state } = scriptedRefunds(left, writesEvents);
  const cache = memoryCache({ clock });
  let ids = 0;
  const newId = () => `id-${++ids}`;
  const pendingWork = createPendingWork({ cache, clock, newId, key: "work" });
  const followed: string[] = [];
  const after: (() => Promise<unknown>)[] = [];
  const service = createRefundService({
    refunds,
    cache: { ...cache, evict: async (keys) => void followed.push(`evict ${keys}`) },
    stockRecount: {
      recount: async (room: RoomId) => void followed.push(`recount ${room}`),
    } as never,
    pendingWork,
    webhookDelivery: {
      deliverSoon: async () => void followed.push("deliver"),
      wake: async () => void followed.push("wake"),
    },
    newId,
  });
  /** The runs of the cron of so many minutes, while no sale is on: how often PostgreSQL is asked. */
  const asksIn = async (minutes: number) => {
    const before = state.batches;
    for (let minute = 0; minute < minutes; minute++) {
      await service.carryOn({ isAwake: false });
      clock.advance(MINUTE_MS);
    }
    return state.batches - before;
  };
  const context = {
    afterAnswer: (task: () => Promise<unknown>) => void after.push(task),
    keepAlive() {},
  };
  return { service, context, state, followed, after, pendingWork, clock, cache, asksIn };
}

Deno.test("`accept()` wakes the cron before the act, and the first batch follows the answer", async () => {
  const { service, context, state, followed, after, asksIn } = refundService(600);
  await service.accept(context, CONCERT, ORDER, null);
  assert.deepEqual([state.batches, after.length], [0, 1]);
  await after[0]!();
  assert.equal(state.left, 600 - REFUND_BATCH);
  const evicted = ["schedules:v2:7", ...CONCERTS_KEYS].join();
  assert.deepEqual(followed.sort(), [`evict ${evicted}`, "recount main"]);
  await asksIn(1);
  assert.equal(state.left, 0);
});

Deno.test("nothing is accepted while the cron cannot be woken", async () => {
  const { service, context, state, cache } = refundService(1);
  cache.evict = () => Promise.reject(new Error("away"));
  await assert.rejects(service.accept(context, CONCERT, ORDER, null), /away/);
  assert.equal(state.accepted, 0);
});

Deno.test("an accepted refund survives a wiped cache, whenever it is wiped", async () => {
  for (const wipedAfter of ["the wake", "the act", "the first question"] as const) {
    const scene = refundService(REFUND_BATCH * MAX_REFUND_BATCHES + 1);
    const { service, context, state, cache, asksIn, pendingWork } = scene;
    const { left } = state;
    const wipe = () => cache.evict(["work"]);
    await asksIn(5);
    state.left = 0;
    await asksIn(5);
    if (wipedAfter === "the wake") {
      // A run of the cron finds nothing between the wake and the commit.
      state.meanwhile = async () => {
        await wipe();
        await service.carryOn({ isAwake: false });
      };
    }
    state.onAccept = () => state.left = left;
    await service.accept(context, CONCERT, ORDER, null);
    if (wipedAfter === "the act") await wipe();
    await asksIn(1);
    if (wipedAfter === "the first question") await wipe();
    await asksIn(3);
    assert.equal(state.left, 0, wipedAfter);
    assert.equal(await pendingWork.question(), null, wipedAfter);
  }
});

Deno.test("an idle deployment asks PostgreSQL once a day, twice while it does not know", async () => {
  const { asksIn } = refundService(0);
  assert.equal(await asksIn(24 * 60), 2);
  assert.equal(await asksIn(24 * 60), 2);
});

Deno.test("`carryOn()` asks PostgreSQL whenever it is awake", async () => {
  const { service, state, asksIn } = refundService(0);
  await asksIn(2);
  state.left = 1;
  assert.deepEqual(await service.carryOn({ isAwake: false }), { hasAskedPostgres: false });
  assert.deepEqual(await service.carryOn({ isAwake: true }), { hasAskedPostgres: true });
  assert.equal(state.left, 0);
});

Deno.test("`carryOn()` does a bounded number of batches, and goes on until none is left", async () => {
  const { state, asksIn } = refundService(MAX_REFUND_BATCHES * REFUND_BATCH + 1);
  await asksIn(1);
  assert.deepEqual([state.batches, state.left], [MAX_REFUND_BATCHES, 1]);
  await asksIn(1);
  assert.deepEqual([state.batches, state.left], [MAX_REFUND_BATCHES + 1, 0]);
  assert.equal(await asksIn(60), 0, "PostgreSQL sleeps");
});

Deno.test("a run that is cut off runs again, and follows the batches that it did", async () => {
  const { service, state, followed, asksIn } = refundService(2 * REFUND_BATCH);
  state.failures = 1;
  await assert.rejects(service.carryOn({ isAwake: false }), /cut off/);
  await asksIn(1);
  assert.equal(state.left, 0);
  assert.equal(followed.length, 2, "the effects of both batches together");
});

Deno.test("the cron goes on while another run carries a refund on", async () => {
  const { state, asksIn } = refundService(0);
  state.others = 1;
  assert.equal(await asksIn(10), 10);
});

Deno.test("a question that began before an act says nothing of it", async () => {
  const { pendingWork, clock } = refundService(0);
  await pendingWork.question();
  clock.advance(SETTLED_AFTER_MS);
  const question = await pendingWork.question();
  assert.equal(question!.isSettled, true);
  await pendingWork.wake();
  await pendingWork.answerNone(question!);
  assert.notEqual(await pendingWork.question(), null);
  clock.advance(DAY_MS);
  assert.notEqual(await pendingWork.question(), null);
});

Deno.test("a look at an unfinished refund carries it on, one at a finished one does not", async () => {
  const { service, context, state, after } = refundService(1);
  await service.progress(context, CONCERT, "rfd_1");
  await after[0]!();
  assert.equal(state.left, 0);
  await service.progress(context, CONCERT, "rfd_1");
  assert.equal(after.length, 1);
});

Deno.test("events of refunds are delivered after the answer, and else by the run of the cron", async () => {
  const events = { writesEvents: true };
  const { service, context, followed, after } = refundService(REFUND_BATCH + 1, events);
  await service.accept(context, CONCERT, ORDER, null);
  await after[0]!();
  assert.ok(followed.includes("deliver"));
  followed.length = 0;
  await service.carryOn({ isAwake: false });
  assert.deepEqual([followed.includes("wake"), followed.includes("deliver")], [true, false]);
});
