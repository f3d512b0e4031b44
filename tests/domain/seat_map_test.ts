import { deepEqual, equal } from "node:assert/strict";
import type { SeatId } from "../../src/domain/ids.ts";
import { type SeatMap, type SeatSnapshot, seatsOf } from "../../src/domain/seat_map.ts";
import { lettersOf, runsOf, statusOfLetter } from "../../src/domain/seat_map.ts";

Deno.test("`runsOf()` joins neighbouring places, and begins a run after each gap", () => {
  deepEqual(runsOf([]), []);
  deepEqual(runsOf([0]), [0, 1]);
  deepEqual(runsOf([5]), [5, 1]);
  deepEqual(runsOf([0, 1, 2]), [0, 3]);
  deepEqual(runsOf([3, 4, 6, 7, 8, 20]), [3, 2, 6, 3, 20, 1]);
  deepEqual(runsOf([0, 2, 4]), [0, 1, 2, 1, 4, 1]);
});

Deno.test("`lettersOf()` takes the letters of these runs, in their order", () => {
  equal(lettersOf([], "AHS"), "");
  equal(lettersOf([0, 3], "AHS"), "AHS");
  equal(lettersOf([1, 1, 3, 2], "SAHHSA"), "AHS");
});

Deno.test("the letters of the places of a section are those that the whole list has there", () => {
  const statuses = "AHSAAHSSAH";
  const places = [1, 2, 5, 6, 7, 9];
  equal(lettersOf(runsOf(places), statuses), places.map((place) => statuses[place]).join(""));
});

Deno.test("each letter is a status", () => {
  deepEqual([..."AHS"].map(statusOfLetter), ["AVAILABLE", "HELD", "SOLD"]);
});

Deno.test("`seatsOf()` gives each seat of a section its own status", () => {
  const map: SeatMap = {
    mapVersion: "v",
    runs: [1, 1, 3, 1],
    rows: [
      [7 as SeatId, 2, "A2", "A", "1", 10, 20, 500],
      [9 as SeatId, 4, "A4", null, null, null, null, 0],
    ],
  };
  const snapshot = { statuses: "ASAHA" } as SeatSnapshot;
  deepEqual(seatsOf(map, snapshot), [
    {
      seatId: 7,
      seatNumber: 2,
      label: "A2",
      section: "A",
      row: "1",
      x: 10,
      y: 20,
      price: 500,
      status: "SOLD",
    },
    {
      seatId: 9,
      seatNumber: 4,
      label: "A4",
      section: null,
      row: null,
      x: null,
      y: null,
      price: 0,
      status: "HELD",
    },
  ]);
});
