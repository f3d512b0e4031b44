import { AssertionError, fail, ok } from "node:assert/strict";
import { CONCERTS_KEYS, schedulesKey } from "../../src/application/cache_keys.ts";
import type { createPaymentService } from "../../src/application/payment_service.ts";
import type { createReadThrough } from "../../src/application/read_through.ts";
import type { Loaded } from "../../src/application/singleflight.ts";
import type { ConcertId, FanId } from "../../src/domain/ids.ts";
import type { Bookings } from "../../src/ports/bookings.ts";
import type { CacheEntry } from "../../src/ports/cache.ts";
import type { QueueStore } from "../../src/ports/queue_store.ts";
import { createVirtualTime, settled } from "../support/virtual_time.ts";
import type { CacheHarness } from "../contract/cache/contract.ts";
import type { Ask, Load, Payment, Value } from "./cache_callers.ts";
import { type Outage, watchedCache } from "./cache_model.ts";

/** What a history of the cache is played on: adapters, and the two capabilities that use them. */
export interface CacheParts {
  readonly harness: () => Promise<CacheHarness>;
  readonly createReadThrough: typeof createReadThrough;
  readonly createPaymentService: typeof createPaymentService;
}

export const ISOLATES = 3;
const CONCERT = 7 as ConcertId;
/** The last block of the list: an eviction removes all of them. */
const LIST_KEY = CONCERTS_KEYS.at(-1)!;
export const KEYS = [LIST_KEY, schedulesKey(CONCERT)];
/** The longest lease, so no load that began earlier is joined. */
const LEASE_MS = 3_000;
/** A caller who waits this long for a load of the same isolate begins another. */
const PATIENCE_MS = 200;

/** One database whose values only grow, one cache, some isolates, and a time of its own. */
export interface CacheWorld {
  readonly asks: Ask[];
  readonly loads: Load[];
  readonly payments: Payment[];
  /** Reads the cache, as a request does first. */
  ask(isolate: number, key: string): Promise<Ask>;
  /** Reads through the cache with what `ask()` found. */
  goOn(ask: Ask): void;
  land(load: Load, as: "VALUE" | "NULL" | "FAILURE" | "CUT OFF", ttlMs: number): void;
  /** Begins a payment that waits for its commit. */
  beginPayment(keys: readonly string[]): void;
  commit(payment: Payment): Promise<void>;
  /** Runs what follows an answer; from then on no answer may be older than the commit. */
  follow(payment: Payment): Promise<void>;
  advance(ms: number): Promise<void>;
  settled(): Promise<void>;
  close(): Promise<void>;
  truthOf(key: string): number;
  breakDown(as: Outage | null): void;
  /** From now on a load takes no time. */
  landAtOnce(ttlMs: number): void;
  /** The same fill once more, as a message may come late or twice. */
  fillAgain(key: string, lease: string): Promise<void>;
  leases(): string[];
  assertNoFault(): void;
}

export async function cacheWorld(parts: CacheParts): Promise<CacheWorld> {
  const { harness } = parts;
  const { cache, pass, close } = await harness();
  const time = createVirtualTime({ startMs: 0, onPass: pass });
  const { clock } = time;
  /** Counts what happens, to tell before from after within one moment. */
  let step = 0;
  let outage: Outage | null = null;
  const truth = new Map(KEYS.map((key) => [key, 0]));
  const floors = new Map(KEYS.map((key) => [key, 0]));
  /** Evictions, outages and landings of a key: what lets a second load begin beside a first. */
  const disturbances = new Map(KEYS.map((key) => [key, 0]));
  const loads: Load[] = [];
  const asks: Ask[] = [];
  const payments: Payment[] = [];
  const faults: unknown[] = [];
  let landsAtOnce: number | null = null;

  function disturb(key: string): void {
    disturbances.set(key, disturbances.get(key)! + 1);
  }
  const { watched, breakDown, standingLease, assertNoFault } = watchedCache(
    cache,
    clock,
    (_, json) => ok(json !== "null", "nothing missing is ever cached"),
    (keys) => keys.forEach(disturb),
  );

  let ids = 0;
  const newId = () => `id-${++ids}`;
  const isolates = Array.from({ length: ISOLATES }, () =>
    parts.createReadThrough({
      cache: watched,
      clock,
      newId,
      random: () => (ids % 7) / 7,
      sleep: (ms) => time.sleep(Math.ceil(ms)),
      report: () => {},
    }));

  function beginLoad(ask: Ask): Promise<Loaded<Value>> {
    const load: Load = {
      id: loads.length,
      ask,
      version: truth.get(ask.key)!,
      beganMs: clock(),
      standing: standingLease(ask.key),
      settle: Promise.withResolvers(),
      state: "FLYING",
      landedAt: Infinity,
      foundNothing: false,
      endsAtMs: Infinity,
    };
    // A follower whose leader found nothing or has no lease any more may load beside the next one.
    const undisturbed = (one: Ask) =>
      !one.resumed && !one.disturbed && one.disturbancesBefore === disturbances.get(ask.key) &&
      (one.found.state !== "LEASED" || one.found.lease === load.standing);
    for (const other of loads) {
      const besides = other.state !== "LANDED" && other.ask.isolate === ask.isolate &&
        other.ask.key === ask.key && other.standing === load.standing &&
        clock() < other.beganMs + PATIENCE_MS;
      if (besides && undisturbed(ask) && undisturbed(other.ask)) {
        const message = `one loads per key and isolate: ${other.id} and ${load.id}`;
        faults.push(new AssertionError({ message }));
      }
    }
    loads.push(load);
    ask.ownLoads.push(load);
    if (landsAtOnce !== null) land(load, "VALUE", landsAtOnce);
    return load.settle.promise;
  }

  function land(load: Load, as: "VALUE" | "NULL" | "FAILURE" | "CUT OFF", ttlMs: number): void {
    load.state = as === "CUT OFF" ? "CUT OFF" : "LANDED";
    if (as === "CUT OFF") return;
    load.landedAt = ++step;
    load.endsAtMs = load.beganMs + ttlMs;
    load.foundNothing = as === "NULL";
    disturb(load.ask.key);
    if (as === "FAILURE") load.settle.reject(new Error("the load failed"));
    else if (as === "NULL") load.settle.resolve(null);
    else load.settle.resolve({ value: { load: load.id, version: load.version }, ttlMs });
  }

  function judge(ask: Ask, value: Value | null): void {
    ask.answered = true;
    if (ask.disturbed) return;
    if (value === null) {
      const found = loads.some((load) =>
        load.ask.key === ask.key && load.landedAt > ask.readAt && load.foundNothing
      );
      return ok(found, "nothing missing is ever cached: an answer from before its question");
    }
    const load = loads[value.load] ?? fail("an answer that nobody loaded");
    ok(load.ask.key === ask.key, "an answer of another key");
    ok(
      load.version >= ask.floor,
      `nobody who asks after an eviction gets what was before it: ${load.version} < ${ask.floor}`,
    );
    if (load.landedAt < ask.readAt) {
      const late = ask.readMs - load.endsAtMs;
      ok(late < 0, `no value outlives its time: asked ${late} ms after it`);
    } else {
      const late = ask.readMs - LEASE_MS - load.beganMs;
      ok(late < 0, `nobody joins a load older than its lease: by ${late} ms`);
    }
  }

  async function ask(isolate: number, key: string): Promise<Ask> {
    const readAt = ++step;
    const floor = floors.get(key)!;
    const readMs = clock();
    const found = await watched.read(key).catch((): CacheEntry => ({ state: "EMPTY" }));
    const disturbed = outage !== null;
    const disturbancesBefore = disturbances.get(key)!;
    const none = { resumed: false, answered: false, ownLoads: [] };
    const made: Ask = {
      key,
      isolate,
      found,
      readMs,
      readAt,
      disturbancesBefore,
      floor,
      disturbed,
      ...none,
    };
    asks.push(made);
    return made;
  }

  function goOn(ask: Ask): void {
    const call = { afterAnswer: () => fail("a fill waits for no answer"), keepAlive: () => {} };
    void isolates[ask.isolate]!<Value>(call, ask.key, ask.found, () => beginLoad(ask))
      .then((value) => judge(ask, value), (error) => {
        ask.answered = true;
        if (error?.message !== "the load failed") throw error;
      })
      .catch((fault) => faults.push(fault));
  }

  function beginPayment(keys: readonly string[]): void {
    const paid = Promise.withResolvers<Awaited<ReturnType<Bookings["pay"]>>>();
    const effects = {
      places: [],
      concertsWithChangedSchedule: [CONCERT],
      changedConcerts: keys.includes(LIST_KEY) ? [CONCERT] : [],
      rooms: [],
    };
    const followUps: Payment["followUps"] = [];
    const commit = () =>
      paid.resolve({ ok: true, value: { json: "{}", effects, replayed: false } });
    payments.push({ keys, commit, followUps, versions: null });
    const bookings = { pay: () => paid.promise } as unknown as Bookings;
    const queue = { endPlaces: async () => {} } as unknown as QueueStore;
    const context = {
      afterAnswer: (act: Payment["followUps"][0]) => followUps.push(act),
      keepAlive() {},
    };
    const once = { caller: "fan:ann", route: "pay", key: newId(), bodyHash: "" };
    const stockRecount = { recount: async () => {}, recountUnlessRecent: async () => {} };
    void parts.createPaymentService({
      webhookDelivery: { deliverSoon: async () => {} },
      bookings,
      queue,
      cache: watched,
      stockRecount,
      newId,
    })
      .pay(context, "ann" as FanId, [], once).catch(() => {});
  }

  async function commit(payment: Payment): Promise<void> {
    payment.versions = payment.keys.map((key) => {
      truth.set(key, truth.get(key)! + 1);
      return truth.get(key)!;
    });
    payment.commit();
    await settled();
  }

  async function follow({ keys, versions, followUps }: Payment): Promise<void> {
    const outcomes = await Promise.allSettled(followUps.map((act) => act()));
    if (outcomes.some(({ status }) => status === "rejected")) return;
    for (const [index, key] of keys.entries()) {
      floors.set(key, Math.max(floors.get(key)!, versions![index]!));
    }
  }

  return {
    asks,
    loads,
    payments,
    ask,
    goOn,
    land,
    beginPayment,
    commit,
    follow,
    advance: time.advance,
    settled,
    close,
    truthOf: (key) => truth.get(key)!,
    breakDown(as) {
      outage = as;
      breakDown(as);
      KEYS.forEach(disturb);
      for (const ask of asks) if (!ask.answered) ask.disturbed ||= as !== null;
    },
    landAtOnce(ttlMs) {
      landsAtOnce = ttlMs;
    },
    async fillAgain(key, lease) {
      // A current lease fills by itself.
      if (lease === standingLease(key)) return;
      await watched.fill(key, lease, '"again"', LEASE_MS).catch(() => false);
    },
    leases: () => Array.from({ length: ids }, (_, index) => `id-${index + 1}`),
    assertNoFault(): void {
      assertNoFault();
      if (faults.length > 0) throw faults.shift();
    },
  };
}
