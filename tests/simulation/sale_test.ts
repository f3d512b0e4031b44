import { deepEqual, equal, ok } from "node:assert/strict";
import type { QueueStores } from "../../src/composition/stores.ts";
import type { Standing } from "../../src/domain/queue.ts";
import { testOfRealRedis } from "../support/redis.ts";
import { noViolations, type Violations } from "./laws.ts";
import { openMemoryLine } from "./memory_line.ts";
import { DEFAULT_ROOM, type SalePlan, seatSale, SMALL_SALE } from "./plan.ts";
import { openRedisLine } from "./redis_line.ts";
import { playSale, type SaleResult } from "./sale.ts";
import { KINDS } from "./traffic.ts";

/** A few minutes of a few fans, with everything that a sale has. */
const PLAN: SalePlan = {
  ...SMALL_SALE,
  fans: 1_500,
  joinOverMs: 30_000,
  room: { ...DEFAULT_ROOM, capacity: 40, pollMaxSeconds: 20 },
  sessionMs: 30_000,
  shoppers: 1,
  seats: 500,
  untilMs: 300_000,
};

/** Everything of a sale but what it counted on its line. */
function outcome({ traffic, ...result }: SaleResult): object {
  return { ...result, asked: KINDS.map((kind) => traffic.store.sum(kind)) };
}

function assertSale(
  { violations, traffic, farPolls, sold, mostInside, longestIdleMs }: SaleResult,
) {
  deepEqual(violations, noViolations());
  equal(sold, 500);
  equal(mostInside, 40);
  equal(longestIdleMs, 0);
  ok(farPolls > 1_000, `${farPolls} polls were answered from documents`);
  for (const kind of KINDS.filter((one) => one !== "proofs")) {
    ok(traffic.store.sum(kind) > 0, `no request for ${kind}`);
  }
}

Deno.test("a sale on the memory line keeps the laws and sells every seat", async () => {
  assertSale(await playSale(PLAN, openMemoryLine));
});

testOfRealRedis(
  "a sale on Redis keeps the laws, sells every seat and counts commands",
  async () => {
    const result = await playSale(PLAN, openRedisLine, {}, (line) => line.use());
    assertSale(result);
    const { traffic, seen } = result;
    for (const kind of KINDS.filter((one) => one !== "proofs")) {
      // A script reads the clock, and is a command itself.
      ok(traffic.commands.sum(kind) >= 2 * traffic.store.sum(kind), kind);
      equal(traffic.commands.sum(kind), sum(seen!.calls.get(kind)!.values()), kind);
    }
    ok(seen!.trafficBytes > 0 && seen!.memoryBytes > 0);
  },
);

function sum(numbers: Iterable<number>): number {
  return [...numbers].reduce((total, number) => total + number, 0);
}

Deno.test("a seed decides a sale", async () => {
  const plan = { ...PLAN, fans: 400, seats: null, shoppers: 0 };
  const again = outcome(await playSale(plan, openMemoryLine));
  deepEqual(outcome(await playSale(plan, openMemoryLine)), again);
  const other = outcome(await playSale({ ...plan, seed: 2 }, openMemoryLine));
  ok(JSON.stringify(other) !== JSON.stringify(again));
});

Deno.test("the isolates of a location share documents, or load their own", async () => {
  const plan = { ...PLAN, fans: 600, seats: null, shoppers: 0, locations: 1 };
  const loads = async (sharesFronts: boolean, isolatesPerLocation: number) => {
    const { traffic } = await playSale(
      { ...plan, sharesFronts, isolatesPerLocation },
      openMemoryLine,
    );
    return traffic.store.sum("front documents");
  };
  const [own, shared] = [await loads(false, 8), await loads(true, 8)];
  ok(shared < own, `${shared} loads with sharing, ${own} without`);
});

Deno.test("a sale ends when its last fan is done", async () => {
  const plan = { ...PLAN, fans: 100, seats: null, untilMs: 3_600_000 };
  const { admitted, endedAtMs } = await playSale(plan, openMemoryLine);
  equal(admitted, 100);
  ok(endedAtMs < 600_000, `${endedAtMs} ms`);
});

Deno.test("the sale of a million is scaled with the crowd", () => {
  const { room, seats } = seatSale({ fans: 20_000, seed: 1, sharesFronts: true });
  deepEqual([room.capacity, seats], [20, 1_000]);
});

type Waiting = Standing & { readonly state: "WAITING" };

/** Lets every tenth answer to a near fan be wrong. */
function broken(mistake: (told: Waiting) => Standing): (stores: QueueStores) => QueueStores {
  let answers = 0;
  return (stores) => ({
    ...stores,
    queue: {
      ...stores.queue,
      async status(place) {
        const told = await stores.queue.status(place);
        const isChosen = told.state === "WAITING" && told.isNear && ++answers % 10 === 0;
        return isChosen ? mistake(told) : told;
      },
    },
  });
}

const MISTAKES: readonly [law: keyof Violations, mistake: (told: Waiting) => Standing][] = [
  ["overtaken", admit],
  ["overCapacity", admit],
  ["rises", (told) => ({ ...told, ahead: told.ahead! + 1_000 })],
  ["lost", () => ({ state: "GONE", reason: "ENDED", endedBecause: null })],
];

function admit({ order, rules, expiresAtMs, provenAtMs }: Waiting): Standing {
  return { state: "ADMITTED", order: order!, rules, expiresAtMs, provenAtMs };
}

for (const [law, mistake] of MISTAKES) {
  Deno.test(`negative control: a broken line is reported: ${law}`, async () => {
    const plan = { ...PLAN, fans: 600, seats: null, shoppers: 0 };
    const { violations } = await playSale(plan, openMemoryLine, { wrap: broken(mistake) });
    ok(violations[law] > 0, JSON.stringify(violations));
  });
}
