import assert from "node:assert/strict";
import fc from "fast-check";
import { SortedSet } from "../../../src/adapters/memory/sorted_set.ts";

interface Entry {
  readonly member: string;
  readonly score: number;
}

/** The same set as an array that is sorted anew at every look. */
class NaiveSet {
  #entries: Entry[] = [];

  sorted(): Entry[] {
    return this.#entries.toSorted((a, b) =>
      a.score - b.score || (a.member < b.member ? -1 : a.member > b.member ? 1 : 0)
    );
  }
  add(member: string, score: number): void {
    this.remove(member);
    this.#entries.push({ member, score });
  }
  remove(member: string): boolean {
    const before = this.#entries.length;
    this.#entries = this.#entries.filter((entry) => entry.member !== member);
    return this.#entries.length < before;
  }
}

type Op = { readonly add: Entry } | { readonly remove: string };

// Few members and scores, so that moves and ties are common.
const member = fc.integer({ min: 0, max: 59 }).map((i) => `m${i}`);
const score = fc.oneof(
  fc.integer({ min: -5, max: 5 }),
  fc.constantFrom(-(2 ** 52), -(2 ** 40), 0.5, 2 ** 40, Date.UTC(2030, 0, 1)),
);
const op: fc.Arbitrary<Op> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ add: fc.record({ member, score }) }) },
  { weight: 2, arbitrary: fc.record({ remove: member }) },
);

function assertSame(set: SortedSet, naive: NaiveSet): void {
  const sorted = naive.sorted();
  assert.equal(set.size, sorted.length);
  assert.deepEqual(set.first() && { ...pick(set.first()!) }, sorted[0]);
  for (const [rank, { member, score }] of sorted.entries()) {
    assert.equal(set.rank(member), rank);
    assert.equal(set.score(member), score);
    assert.equal(set.has(member), true);
  }
}

function pick({ member, score }: Entry): Entry {
  return { member, score };
}

Deno.test("a sorted set does what a sorted array does", () => {
  fc.assert(
    fc.property(fc.array(op, { minLength: 150, maxLength: 250, size: "max" }), (ops) => {
      const set = new SortedSet();
      const naive = new NaiveSet();
      for (const op of ops) {
        if ("add" in op) {
          set.add(op.add.member, op.add.score);
          naive.add(op.add.member, op.add.score);
        } else {
          assert.equal(set.remove(op.remove), naive.remove(op.remove));
          assert.equal(set.rank(op.remove), undefined);
          assert.equal(set.score(op.remove), undefined);
        }
        assertSame(set, naive);
        const { score: limit } = "add" in op ? op.add : { score: 0 };
        const above = naive.sorted().filter((entry) => entry.score > limit);
        assert.deepEqual([...set.above(limit)].map(pick), above);
        assert.deepEqual([...set.above(-Infinity)].map(pick), naive.sorted());
      }
    }),
    { seed: 20_300_101, numRuns: 50 },
  );
});

Deno.test("ranks stay right in a set of many levels", () => {
  const set = new SortedSet();
  const members = Array.from({ length: 5_000 }, (_, i) => `m${i}`);
  // 2,741 and 5,000 have no common factor: every score once, in scattered order.
  for (const [i, member] of members.entries()) set.add(member, (i * 2_741) % 5_000);
  for (const [i, member] of members.entries()) assert.equal(set.rank(member), (i * 2_741) % 5_000);

  for (const member of members.filter((_, i) => i % 2 === 1)) {
    assert.equal(set.remove(member), true);
  }
  const left = members.filter((_, i) => i % 2 === 0)
    .toSorted((a, b) => set.score(a)! - set.score(b)!);
  assert.equal(set.size, 2_500);
  for (const [rank, member] of left.entries()) assert.equal(set.rank(member), rank);
});

Deno.test("the first members are removed in order until the set is empty", () => {
  const set = new SortedSet();
  for (let i = 0; i < 1_000; i++) set.add(`m${i}`, (i * 7) % 1_000);
  for (let score = 0; score < 1_000; score++) {
    const first = set.first()!;
    assert.equal(first.score, score);
    set.remove(first.member);
  }
  assert.equal(set.first(), undefined);
  assert.equal(set.size, 0);
});
