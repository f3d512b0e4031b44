import type { Mutation } from "./mutations.ts";

const CACHE = "adapters/memory/cache.ts";
const READ_THROUGH = "application/read_through.ts";

export const CACHE_MUTATIONS: readonly Mutation[] = [
  {
    guard: "only the current lease may fill",
    file: CACHE,
    text: "if (!isLeasedBy(key, lease)) return false;",
    replacement: "",
    law: /only the lease that stands may fill/,
  },
  {
    guard: "an eviction removes leases too",
    file: CACHE,
    text: "for (const key of keys) stored.delete(key);",
    replacement: 'for (const key of keys) if (entryOf(key).state === "HIT") stored.delete(key);',
    law: /what is read|lease stands|the lease that stands/,
  },
  {
    guard: "every load has its own lease",
    file: READ_THROUGH,
    text: "const lease = newId();",
    replacement: "const lease = key;",
    law: /nobody who asks after an eviction gets what was before it/,
  },
  {
    guard: "the TTL of a value begins with its lease",
    file: CACHE,
    text: 'put(key, { state: "HIT", json }, stored.get(key)!.takenAtMs, ttlMs);',
    replacement: 'put(key, { state: "HIT", json }, clock(), ttlMs);',
    law: /what is read|no value outlives its time/,
    from: 214,
  },
  {
    guard: "evict after commit",
    file: "application/payment_service.ts",
    text: `const paid = await bookings.pay({ fan, items }, request);
      if (paid.ok) applyEffects(context, paid.value.effects);`,
    replacement: `await cache.evict([...CONCERTS_KEYS, schedulesKey(7 as never)]).catch(() => {});
      const paid = await bookings.pay({ fan, items }, request);
      if (paid.ok) applyEffects(context, { ...paid.value.effects, concertsWithChangedSchedule: [], changedConcerts: [] });`,
    law: /nobody who asks after an eviction gets what was before it/,
    from: 39,
  },
];

const STATUSES = "application/seat_statuses.ts";
const SEEN = /a change is seen by whoever asks a second after its commit/;

export const SEAT_STATUSES_MUTATIONS: readonly Mutation[] = [
  {
    guard: "only the current lease may fill",
    file: CACHE,
    text: "if (!isLeasedBy(key, lease)) return false;",
    replacement: "if (!stored.has(key)) put(key, { state: 'LEASED', lease }, clock(), 1000);",
    law: /an old snapshot never replaces a newer one/,
  },
  {
    guard: "the TTL of a snapshot begins with its lease",
    file: CACHE,
    text: 'put(key, { state: "HIT", json }, stored.get(key)!.takenAtMs, ttlMs);',
    replacement: 'put(key, { state: "HIT", json }, clock(), ttlMs);',
    law: SEEN,
  },
  {
    guard: "a snapshot is served for a second",
    file: STATUSES,
    text: "ttlMs: Math.min(SNAPSHOT_TTL_MS,",
    replacement: "ttlMs: 2 * Math.min(SNAPSHOT_TTL_MS,",
    law: SEEN,
  },
  {
    guard: "nobody joins a load that began more than a second ago",
    file: STATUSES,
    text: "    leaseTtlMs: SNAPSHOT_TTL_MS,",
    replacement: "    leaseTtlMs: 5 * SNAPSHOT_TTL_MS,",
    law: SEEN,
    from: 3230,
  },
  {
    guard: "followers wait for the load of another isolate",
    file: STATUSES,
    text: "const taken = await follow(asked, entry.lease);",
    replacement: "const taken = await loadUnleased(context, asked);",
    law: /PostgreSQL is asked once a second: again/,
  },
  {
    guard: "without the cache an isolate keeps its load for a second",
    file: STATUSES,
    text: "flights.join<Taken>(context, lease, start, { keeps: true })",
    replacement: "flights.join<Taken>(context, lease, start, { keeps: false })",
    law: /once a second and isolate/,
    from: 37,
  },
  {
    guard: "a load that ends late loses",
    file: STATUSES,
    text: "return isNewer ? kept.snapshot : null;",
    replacement: "return null;",
    law: /a load that ends late loses/,
  },
];
