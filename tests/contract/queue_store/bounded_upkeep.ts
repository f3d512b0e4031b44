import assert from "node:assert/strict";
import type { Upkeep } from "../../../src/ports/queue_store.ts";
import { QUEUE_BOUNDS } from "../../../src/domain/queue_bounds.ts";
import { type ContractTest, MINUTE_MS, type Scene } from "./harness.ts";

/** More than one act may move for each kind of upkeep. */
const CROWD = 300;
/** A crowd takes this many acts at most; a store that needs more is not making headway. */
const MAX_ROUNDS = 20;

/** Named so that they sort as they arrive: where deadlines tie, the last come last. */
function crowd(prefix: string): string[] {
  return Array.from({ length: CROWD }, (_, i) => `${prefix}-${String(i).padStart(3, "0")}`);
}

/** Promotes for as long as there is more, and adds up. */
async function promoteAll(line: Scene): Promise<Pick<Upkeep, "expired" | "admitted">> {
  const sum = { expired: 0, admitted: 0 };
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const { expired, admitted, more } = await line.promote();
    sum.expired += expired;
    sum.admitted += admitted;
    if (!more) return sum;
  }
  assert.fail(`there was still more after ${MAX_ROUNDS} rounds`);
}

export function boundedUpkeepContract(test: ContractTest): void {
  test("admissions that lapse together end in bounded shares, and none is lost", {
    capacity: CROWD,
    waitingTtlMs: 60 * MINUTE_MS,
  }, async (line) => {
    await line.arrive(...crowd("house"));
    const waiting = await line.arrive(...crowd("fan"));
    line.clock.advance(line.settings.admissionTtlMs);

    const first = await line.promote();
    assert.equal(first.more, true);
    assert.ok(first.expired < CROWD && first.admitted < CROWD);
    const rest = await promoteAll(line);
    assert.equal(first.expired + rest.expired, CROWD);
    assert.equal(first.admitted + rest.admitted, CROWD);

    const { admitted, waiting: left, parked } = await line.counts();
    assert.deepEqual({ admitted, left, parked }, { admitted: CROWD, left: 0, parked: 0 });
    for (const place of waiting) assert.equal(await line.state(place), "ADMITTED");
  });

  test("turns missed together are parked, and everybody may return", {
    capacity: CROWD,
  }, async (line) => {
    const house = await line.arrive(...crowd("house"));
    const absent = await line.arrive(...crowd("absent"));
    await line.queue.endPlaces(house, "PAID");
    await promoteAll(line);
    await line.elapse(line.windowMs);
    await promoteAll(line);
    const { admitted, waiting, parked } = await line.counts();
    assert.deepEqual({ admitted, waiting, parked }, { admitted: 0, waiting: 0, parked: CROWD });
    for (const place of absent) assert.equal(await line.state(place), "ADMITTED");
  });

  test("parked fans who stay away are dropped in bounded shares", {
    capacity: CROWD,
  }, async (line) => {
    const house = await line.arrive(...crowd("house"));
    await line.arrive(...crowd("absent"));
    await line.queue.endPlaces(house, "PAID");
    await promoteAll(line);
    await line.elapse(line.windowMs);
    await promoteAll(line);
    assert.equal((await line.counts()).parked, CROWD);
    line.clock.advance(line.settings.waitingTtlMs);
    assert.equal((await line.promote()).more, true);
    await promoteAll(line);
    assert.equal((await line.counts()).parked, 0);
  });

  test("silent fans are dropped in bounded shares, and those behind them stay", {
    admissionTtlMs: 60 * MINUTE_MS,
    waitingTtlMs: 10 * MINUTE_MS,
  }, async (line) => {
    const [house, ...silent] = await line.arrive("house", ...crowd("silent"));
    const [ann] = await line.arrive("ann");
    assert.equal(await line.ahead(ann!), CROWD);
    await line.elapse(10 * MINUTE_MS - 1, ann!);
    assert.equal((await line.counts()).waiting, CROWD + 1);
    // No act comes until all of them are overdue.
    line.clock.advance(2 * MINUTE_MS);
    const first = await line.promote();
    assert.equal(first.more, true);
    assert.ok(first.expired < CROWD);
    let expired = first.expired + (await promoteAll(line)).expired;
    for (let step = 0; step < 10; step++) {
      line.clock.advance(10_000);
      await line.queue.status(ann!);
      expired += (await promoteAll(line)).expired;
    }
    assert.equal(expired, silent.length);
    assert.equal((await line.counts()).waiting, 1);
    assert.ok(await line.ahead(ann!) <= CROWD);
    await line.queue.leave(house!);
    assert.equal(await line.state(ann!), "ADMITTED");
  });

  test("overdue heads are passed over in bounded shares", {
    admissionTtlMs: 10 * MINUTE_MS,
    bounds: { ...QUEUE_BOUNDS, leastNear: 2 * CROWD },
  }, async (line) => {
    await line.arrive("house", ...crowd("silent"));
    const [ann] = await line.arrive("ann");
    await line.elapse(10 * MINUTE_MS - 1, ann!);
    line.clock.advance(1);
    const { expired, admitted, more } = await line.promote();
    assert.deepEqual([admitted, more], [0, true]);
    assert.ok(expired <= CROWD);
    await promoteAll(line);
    assert.equal(await line.state(ann!), "ADMITTED");
    const { admitted: inside, waiting, parked, admittedLastMinute } = await line.counts();
    assert.deepEqual({ inside, waiting, parked }, { inside: 1, waiting: 0, parked: CROWD });
    assert.equal(admittedLastMinute, 1, "ann alone");
  });

  test("a lapsed place is answered as lapsed before upkeep removes it", {
    capacity: CROWD,
  }, async (line) => {
    const house = await line.arrive(...crowd("house"));
    line.clock.advance(line.settings.admissionTtlMs);
    assert.equal(await line.state(house.at(-1)!), "GONE");
  });
}
