import assert from "node:assert/strict";
import { createRulesOnDemandQueue } from "../../src/application/rules_on_demand.ts";
import { type FanId, MAIN_ROOM, type RoomId } from "../../src/domain/ids.ts";
import type { Rules, Stock } from "../../src/domain/room.ts";
import type { JoinRefusal, QueueStore } from "../../src/ports/queue_store.ts";
import { testClock } from "../support/test_clock.ts";

const FAN = "ann" as FanId;
const NOWHERE = "nowhere" as RoomId;
const RULES = { version: 7 } as Rules;
const NAMES = [MAIN_ROOM];
const STOCK: Stock = { available: 0, returnsAtMs: null, asOfMs: 5 };

/** A store that has no rules, or unchecked ones, over repositories that a test can fail. */
function storeThatRefuses(refused: JoinRefusal["refused"] | undefined) {
  const clock = testClock();
  const calls: string[] = [];
  const repository = {
    rulesFail: false,
    countFails: false,
    isGone: false,
    deletedVersion: null as number | null,
    removalFails: false,
  };
  const store = { refused };
  const queue = {
    async join(room, _fan, _earlier, { acceptUncheckedRules = false } = {}) {
      calls.push(acceptUncheckedRules ? `join ${room} unchecked` : `join ${room}`);
      const isAccepted = store.refused === "UNCHECKED_RULES" && acceptUncheckedRules;
      return store.refused && !isAccepted ? { refused: store.refused } : { created: true };
    },
    async counts(room) {
      calls.push(`counts ${room}`);
      return store.refused === "NO_RULES" ? null : { rulesVersion: RULES.version };
    },
    async removeRoom(room, version) {
      calls.push(`remove ${room} ${version}`);
      if (repository.removalFails) throw new Error("no answer");
    },
    async applyRules(room, rules, stock, names) {
      assert.deepEqual([rules, stock, names], [RULES, STOCK, NAMES]);
      calls.push(`apply ${room}`);
      store.refused = undefined;
    },
  } as Pick<QueueStore, "join" | "counts" | "applyRules" | "removeRoom"> as unknown as QueueStore;
  const onDemand = createRulesOnDemandQueue({
    queue,
    rooms: {
      async rules(room) {
        calls.push(`rules of ${room}`);
        if (repository.rulesFail) throw new Error("asleep");
        const { deletedVersion } = repository;
        const rules = room === MAIN_ROOM && !repository.isGone ? RULES : null;
        return { rules, deletedVersion, names: NAMES };
      },
    },
    stockCounter: {
      async count(room) {
        calls.push(`stock of ${room}`);
        if (repository.countFails) throw new Error("asleep");
        return STOCK;
      },
    },
    clock,
    report: ({ what }) => calls.push(what),
  });
  const taken = () => calls.splice(0);
  return { queue: onDemand, store, repository, clock, taken };
}

Deno.test("`join()` asks nobody while the store has rules", async () => {
  const { queue, taken } = storeThatRefuses(undefined);
  assert.equal((await queue.join(MAIN_ROOM, FAN, null)).refused, undefined);
  assert.deepEqual(taken(), ["join main"]);
});

for (const refused of ["NO_RULES", "UNCHECKED_RULES"] as const) {
  Deno.test(`after ${refused} \`join()\` applies rules and stock in one act and repeats`, async () => {
    const { queue, taken } = storeThatRefuses(refused);
    assert.equal((await queue.join(MAIN_ROOM, FAN, null)).refused, undefined);
    const [first, ...rest] = taken();
    assert.equal(first, "join main");
    assert.deepEqual(rest.slice(0, 3), ["rules of main", "stock of main", "apply main"]);
    assert.match(rest[3]!, /^join main/);
    assert.equal(rest.length, 4);
  });
}

Deno.test("`counts()` loads what the store does not have, and repeats", async () => {
  const { queue, taken } = storeThatRefuses("NO_RULES");
  assert.equal((await queue.counts(MAIN_ROOM))?.rulesVersion, RULES.version);
  assert.deepEqual(taken(), [
    "counts main",
    "rules of main",
    "stock of main",
    "apply main",
    "counts main",
  ]);
});

Deno.test("a store without rules gets none without a count: the next call loads both", async () => {
  const { queue, repository, taken } = storeThatRefuses("NO_RULES");
  repository.countFails = true;
  await assert.rejects(queue.join(MAIN_ROOM, FAN, null), /asleep/);
  await assert.rejects(queue.counts(MAIN_ROOM), /asleep/);
  assert.equal(taken().includes("apply main"), false);
  repository.countFails = false;
  await queue.join(MAIN_ROOM, FAN, null);
  assert.equal(taken().includes("apply main"), true);
});

for (const fails of ["rulesFail", "countFails"] as const) {
  Deno.test(`fans join by unchecked rules while PostgreSQL fails (${fails})`, async () => {
    const { queue, repository, taken } = storeThatRefuses("UNCHECKED_RULES");
    repository[fails] = true;
    assert.equal((await queue.join(MAIN_ROOM, FAN, null)).refused, undefined);
    const calls = taken();
    assert.deepEqual(calls.slice(0, 2), ["join main", "rules of main"]);
    assert.deepEqual(calls.slice(-2), ["rules_unchecked", "join main unchecked"]);
    assert.equal(calls.includes("apply main"), false);
  });
}

Deno.test("a PostgreSQL that fails is asked once in three seconds for each room", async () => {
  const { queue, repository, clock, taken } = storeThatRefuses("UNCHECKED_RULES");
  repository.rulesFail = true;
  await queue.join(MAIN_ROOM, FAN, null);
  taken();
  clock.advance(2_999);
  await queue.join(MAIN_ROOM, FAN, null);
  assert.deepEqual(taken(), ["join main", "join main unchecked"]);
  await queue.join(NOWHERE, FAN, null);
  assert.equal(taken().includes("rules of nowhere"), true);
  clock.advance(1);
  repository.rulesFail = false;
  await queue.join(MAIN_ROOM, FAN, null);
  assert.equal(taken().includes("apply main"), true);
});

Deno.test("a room that the store has and PostgreSQL has not refuses joins", async () => {
  const { queue, repository } = storeThatRefuses("UNCHECKED_RULES");
  repository.isGone = true;
  assert.deepEqual(await queue.join(MAIN_ROOM, FAN, null), { refused: "NO_RULES" });
});

for (const refused of ["NO_RULES", "UNCHECKED_RULES"] as const) {
  Deno.test(`a room that does not exist costs one read in two seconds (${refused})`, async () => {
    const { queue, clock, taken } = storeThatRefuses(refused);
    const reads = () => taken().filter((call) => call === "rules of nowhere").length;
    for (let call = 0; call < 3; call++) await queue.join(NOWHERE, FAN, null);
    await queue.counts(NOWHERE);
    assert.equal(reads(), 1);
    clock.advance(1_999);
    await queue.join(NOWHERE, FAN, null);
    assert.equal(reads(), 0);
    clock.advance(1);
    await queue.join(NOWHERE, FAN, null);
    assert.equal(reads(), 1);
  });
}

Deno.test("a room that was made just now is not missing", async () => {
  const { queue, store, repository, taken } = storeThatRefuses("NO_RULES");
  repository.isGone = true;
  assert.equal(await queue.counts(MAIN_ROOM), null);
  repository.isGone = false;
  await queue.applyRules(MAIN_ROOM, RULES, STOCK, NAMES);
  store.refused = "NO_RULES";
  taken();
  assert.equal((await queue.join(MAIN_ROOM, FAN, null)).refused, undefined);
  assert.equal(taken().includes("rules of main"), true);
});

Deno.test("the missing rooms that an isolate remembers are bounded", async () => {
  const { queue, taken } = storeThatRefuses("NO_RULES");
  const names = Array.from({ length: 1_001 }, (_, index) => `nowhere-${index}` as RoomId);
  for (const name of names) await queue.counts(name);
  taken();
  await queue.counts(names[0]!);
  await queue.counts(names.at(-1)!);
  assert.deepEqual(taken(), ["counts nowhere-0", "rules of nowhere-0", "counts nowhere-1000"]);
});

for (const refused of ["NO_RULES", "UNCHECKED_RULES"] as const) {
  Deno.test(`a room that was deleted is removed from the store (${refused})`, async () => {
    const { queue, repository, taken } = storeThatRefuses(refused);
    Object.assign(repository, { isGone: true, deletedVersion: 9 });
    assert.deepEqual(await queue.join(MAIN_ROOM, FAN, null), { refused: "NO_RULES" });
    assert.deepEqual(taken(), ["join main", "rules of main", "remove main 9"]);
  });

  Deno.test(`nobody joins a deleted room whose removal fails (${refused})`, async () => {
    const { queue, repository, taken } = storeThatRefuses(refused);
    Object.assign(repository, { isGone: true, deletedVersion: 9, removalFails: true });
    assert.deepEqual(await queue.join(MAIN_ROOM, FAN, null), { refused: "NO_RULES" });
    assert.equal(taken().at(-1), "repair_failed");
  });
}
