import { CONCERTS_KEYS } from "../../src/application/cache_keys.ts";
import assert from "node:assert/strict";
import { memoryCache } from "../../src/adapters/memory/cache.ts";
import { createPendingWork } from "../../src/application/pending_work.ts";
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
  const state = { left, batches: 0, failures: 0, others: 0 };
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
    accept: async () => ok({ isNew: true, job: job(), replayed: false }),
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

function refundService(left: number, { writesEvents = false } = {}) {
  const clock = testClock();
  const { refunds, state } = scriptedRefunds(left, writesEvents);
  const cache = memoryCache({ clock });
  let ids = 0;
  const newId = () => `id-${++ids}`;
  const pendingWork = createPendingWork({ cache, newId, key: "work" });
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
    report: ({ error }) => {
      throw error;
    },
  });
  const context = {
    afterAnswer: (task: () => Promise<unknown>) => void after.push(task),
    keepAlive() {},
  };
  return { service, context, state, followed, after, pendingWork, clock };
}

Deno.test("`accept()` leaves a note before its answer, and the first batch follows the answer", async () => {
  const { service, context, state, followed, after, pendingWork } = refundService(600);
  await service.accept(context, CONCERT, ORDER, null);
  assert.notEqual(await pendingWork.read(), null);
  assert.deepEqual([state.batches, after.length], [0, 1]);
  await after[0]!();
  assert.equal(state.left, 600 - REFUND_BATCH);
  const evicted = ["schedules:v2:7", ...CONCERTS_KEYS].join();
  assert.deepEqual(followed.sort(), [`evict ${evicted}`, "recount main"]);
});

Deno.test("`carryOn()` asks PostgreSQL without a note only if it is awake", async () => {
  const { service, state, pendingWork } = refundService(1);
  await service.carryOn({ isAwake: false });
  assert.equal(state.batches, 0);
  await service.carryOn({ isAwake: true });
  assert.deepEqual([state.left, await pendingWork.read()], [0, null]);
});

Deno.test("`carryOn()` does a bounded number of batches, and goes on until none is left", async () => {
  const { service, context, state, pendingWork } = refundService(
    MAX_REFUND_BATCHES * REFUND_BATCH + 1,
  );
  await service.accept(context, CONCERT, ORDER, null);
  await service.carryOn({ isAwake: false });
  assert.deepEqual([state.batches, state.left], [MAX_REFUND_BATCHES, 1]);
  assert.notEqual(await pendingWork.read(), null);
  await service.carryOn({ isAwake: false });
  assert.deepEqual([state.left, await pendingWork.read()], [0, null]);
  await service.carryOn({ isAwake: false });
  assert.equal(state.batches, MAX_REFUND_BATCHES + 1, "PostgreSQL sleeps");
});

Deno.test("a run that is cut off keeps its note, and follows the batches that it did", async () => {
  const { service, context, state, followed, pendingWork } = refundService(2 * REFUND_BATCH);
  await service.accept(context, CONCERT, ORDER, null);
  state.failures = 1;
  await assert.rejects(service.carryOn({ isAwake: false }), /cut off/);
  assert.notEqual(await pendingWork.read(), null);
  await service.carryOn({ isAwake: false });
  assert.equal(state.left, 0);
  assert.equal(followed.length, 2, "the effects of both batches together");
});

Deno.test("a refund that another run carries on keeps the note", async () => {
  const { service, context, state, pendingWork } = refundService(1);
  await service.accept(context, CONCERT, ORDER, null);
  state.others = 1;
  await service.carryOn({ isAwake: false });
  assert.notEqual(await pendingWork.read(), null);
});

Deno.test("a note that was written since it was read is not removed", async () => {
  const { pendingWork } = refundService(0);
  await pendingWork.note();
  const read = await pendingWork.read();
  await pendingWork.note();
  await pendingWork.remove(read!);
  assert.notEqual(await pendingWork.read(), null);
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
