import assert from "node:assert/strict";
import {
  createDecisionStream,
  createFanTraits,
} from "../../../../src/tools/load_test/crowd/fan_traits.ts";
import { createRandomStream } from "../../../../src/tools/load_test/crowd/random.ts";

const FANS = 2_000;
const settings = { fans: FANS, seed: 1, noShows: 0, lobbySeconds: 0 };

function createCrowd(changes: Partial<typeof settings> = {}) {
  const all = { ...settings, ...changes };
  return Array.from({ length: FANS }, (_, fan) => createFanTraits(fan, all));
}

function pausesOf(fan: number, seed: number): number[] {
  const random = createDecisionStream(fan, seed);
  return Array.from({ length: 8 }, () => random.pause(1));
}

Deno.test("the same seed gives the same behaviour, and another seed does not", () => {
  assert.deepEqual(createCrowd(), createCrowd());
  assert.notDeepEqual(createCrowd(), createCrowd({ seed: 2 }));
  assert.deepEqual(pausesOf(7, 1), pausesOf(7, 1));
  assert.notDeepEqual(pausesOf(7, 1), pausesOf(7, 2));
});

Deno.test("no two fans share a random stream", () => {
  const firsts = Array.from({ length: FANS }, (_, fan) => pausesOf(fan, 1).join());
  assert.equal(new Set(firsts).size, FANS);
});

Deno.test("the share of no-shows changes no other trait", () => {
  const half = createCrowd({ noShows: 50 });
  const absent = half.filter(({ noShow }) => noShow).length;
  assert.ok(Math.abs(absent - FANS / 2) < FANS / 20, `${absent} do not show up`);
  assert.deepEqual(half.map((one) => ({ ...one, noShow: false })), createCrowd());
  assert.ok(createCrowd({ noShows: 100 }).every(({ noShow }) => noShow));
});

Deno.test("a crowd has fans of every kind", () => {
  const all = createCrowd();
  const kinds = [
    all.filter(({ tabClosing }) => tabClosing?.returns),
    all.filter(({ tabClosing }) => tabClosing?.returns === false),
    all.filter(({ changesSeats }) => changesSeats),
    all.filter(({ paysLate }) => paysLate),
    all.filter(({ walksAway }) => walksAway),
    all.filter(({ undercharges }) => undercharges),
    all.filter(({ greedy }) => greedy),
    all.filter(({ payFault }) => payFault === "cut off"),
    all.filter(({ chargeFault }) => chargeFault === "sent twice"),
  ];
  for (const [kind, { length }] of kinds.entries()) assert.ok(length > 20, `${kind}: ${length}`);
});

Deno.test("with a lobby most fans gather, some more than once, and a few come late", () => {
  const all = createCrowd({ lobbySeconds: 20 });
  const late = all.filter(({ arrivesAfterMs }) => arrivesAfterMs >= 20_000).length;
  assert.ok(late > FANS / 10 && late < FANS / 5, `${late} come late`);
  assert.ok(all.every(({ arrivesAfterMs }) => arrivesAfterMs < 17_000 || arrivesAfterMs >= 20_000));
  for (const kind of ["once", "twice", "anew"]) {
    const { length } = all.filter(({ gathering }) => gathering === kind);
    assert.ok(length > FANS / 20, `${kind}: ${length}`);
  }
  const open = createCrowd();
  assert.deepEqual(
    all.map((one, fan) => ({ ...one, arrivesAfterMs: open[fan]!.arrivesAfterMs })),
    open,
  );
});

Deno.test("pauses have a bound and their mean", () => {
  const random = createRandomStream(1, 1);
  const pauses = Array.from({ length: 10_000 }, () => random.pause(2));
  const mean = pauses.reduce((sum, pause) => sum + pause) / pauses.length;
  assert.ok(Math.max(...pauses) <= 8);
  assert.ok(mean > 1.8 && mean < 2.1, `mean ${mean}`);
});
