import assert from "node:assert/strict";
import { characterOf, diceOf } from "../../../src/tools/load_test/character.ts";
import { concertOf } from "../../../src/tools/load_test/concert.ts";
import { dice } from "../../../src/tools/load_test/random.ts";
import { pickSeats } from "../../../src/tools/load_test/shopping.ts";

const FANS = 2_000;
const settings = { fans: FANS, seed: 1, noShows: 0, lobbySeconds: 0 };

function crowd(changes: Partial<typeof settings> = {}) {
  const all = { ...settings, ...changes };
  return Array.from({ length: FANS }, (_, fan) => characterOf(fan, all));
}

function throws(fan: number, seed: number): number[] {
  const luck = diceOf(fan, seed);
  return Array.from({ length: 8 }, () => luck.pause(1));
}

Deno.test("a seed repeats how everybody behaves, and another seed does not", () => {
  assert.deepEqual(crowd(), crowd());
  assert.notDeepEqual(crowd(), crowd({ seed: 2 }));
  assert.deepEqual(throws(7, 1), throws(7, 1));
  assert.notDeepEqual(throws(7, 1), throws(7, 2));
});

Deno.test("no two fans share their luck", () => {
  const firsts = Array.from({ length: FANS }, (_, fan) => throws(fan, 1).join());
  assert.equal(new Set(firsts).size, FANS);
});

Deno.test("no-shows change nothing but who shows up", () => {
  const half = crowd({ noShows: 50 });
  const absent = half.filter(({ noShow }) => noShow).length;
  assert.ok(Math.abs(absent - FANS / 2) < FANS / 20, `${absent} do not show up`);
  assert.deepEqual(half.map((one) => ({ ...one, noShow: false })), crowd());
  assert.ok(crowd({ noShows: 100 }).every(({ noShow }) => noShow));
});

Deno.test("a crowd has people of every kind", () => {
  const all = crowd();
  const kinds = [
    all.filter(({ tabClosing }) => tabClosing?.returns),
    all.filter(({ tabClosing }) => tabClosing?.returns === false),
    all.filter(({ changesSeats }) => changesSeats),
    all.filter(({ paysLate }) => paysLate),
    all.filter(({ walksAway }) => walksAway),
    all.filter(({ miscounts }) => miscounts),
    all.filter(({ greedy }) => greedy),
    all.filter(({ payAnswer }) => payAnswer === "cut off"),
    all.filter(({ chargeAnswer }) => chargeAnswer === "asked twice"),
  ];
  for (const [kind, { length }] of kinds.entries()) assert.ok(length > 20, `${kind}: ${length}`);
});

Deno.test("before an opening most come and gather, some more than once, and a few come late", () => {
  const all = crowd({ lobbySeconds: 20 });
  const late = all.filter(({ arrivesAfterMs }) => arrivesAfterMs >= 20_000).length;
  assert.ok(late > FANS / 10 && late < FANS / 5, `${late} come late`);
  assert.ok(all.every(({ arrivesAfterMs }) => arrivesAfterMs < 17_000 || arrivesAfterMs >= 20_000));
  for (const kind of ["once", "twice", "anew"]) {
    const { length } = all.filter(({ gathering }) => gathering === kind);
    assert.ok(length > FANS / 20, `${kind}: ${length}`);
  }
  const open = crowd();
  assert.deepEqual(
    all.map((one, fan) => ({ ...one, arrivesAfterMs: open[fan]!.arrivesAfterMs })),
    open,
  );
});

Deno.test("pauses are bounded and keep their mean", () => {
  const luck = dice(1, 1);
  const pauses = Array.from({ length: 10_000 }, () => luck.pause(2));
  const mean = pauses.reduce((sum, pause) => sum + pause) / pauses.length;
  assert.ok(Math.max(...pauses) <= 8);
  assert.ok(mean > 1.8 && mean < 2.1, `mean ${mean}`);
});

Deno.test("pickSeats() takes free seats near the spot, and what there is", () => {
  const seat = (seatId: number, status: "AVAILABLE" | "SOLD") => (
    { seatId, seatNumber: seatId, price: 1, status }
  );
  const seats = [seat(4, "AVAILABLE"), seat(1, "SOLD"), seat(2, "AVAILABLE"), seat(3, "AVAILABLE")];
  assert.deepEqual(pickSeats(seats, 2, 0), [2, 3]);
  assert.deepEqual(pickSeats(seats, 2, 0.999), [3, 4]);
  assert.deepEqual(pickSeats(seats, 4, 0.999), [2, 3, 4]);
  assert.deepEqual(pickSeats([seat(1, "SOLD")], 2, 0.5), []);
});

Deno.test("the concert has exactly the seats asked for", () => {
  for (const seats of [1, 2, 3, 500, 1_001]) {
    const { schedules } = concertOf(seats, "main", 0);
    assert.equal(schedules.reduce((sum, date) => sum + date.seats.length, 0), seats);
    assert.ok(schedules.every((date) => date.seats.length > 0));
  }
});
