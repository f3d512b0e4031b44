import assert from "node:assert/strict";
import {
  estimateErrors,
  findQueueFaults,
} from "../../../../src/tools/load_test/checks/queue_checks.ts";
import { observationOf } from "../fixtures.ts";

Deno.test("findQueueFaults() finds nothing in a queue that moves in order", () => {
  const found = findQueueFaults([
    observationOf(1, 1, 1, "WAITING", 1),
    observationOf(2, 2, 1, "WAITING", 2),
    observationOf(1, 1, 3, "ADMITTED"),
    observationOf(2, 2, 3, "WAITING", 1),
    observationOf(2, 2, 5, "ADMITTED"),
  ], false);
  assert.deepEqual(found, {
    inversions: [],
    risenPositions: [],
    goneWhileWaiting: [],
    sharedTickets: [],
    latePlaces: 0,
    places: 2,
  });
});

Deno.test("findQueueFaults() finds a fan who waits after a later fan was admitted", () => {
  const { inversions } = findQueueFaults([
    observationOf(1, 1, 1, "WAITING", 1),
    observationOf(2, 2, 2, "ADMITTED"),
    observationOf(1, 1, 3, "WAITING", 1),
    observationOf(1, 1, 5, "WAITING", 1),
  ], false);
  assert.equal(inversions.length, 1, "one for each place");
  assert.match(inversions[0]!, /ticket 1 polled at 2.99 s and was WAITING, and ticket 2 had been/);
});

Deno.test("findQueueFaults() finds no inversion in answers that overlap", () => {
  const overlapping = { ...observationOf(1, 1, 2.5, "WAITING", 1), sentAtMs: 1_900 };
  const { inversions } = findQueueFaults([
    observationOf(1, 1, 1, "WAITING", 1),
    overlapping,
    observationOf(2, 2, 2, "ADMITTED"),
  ], false);
  assert.deepEqual(inversions, []);
});

Deno.test("findQueueFaults() does not check late fans, waiting or admitted", () => {
  const late = [observationOf(1, 1, 1, "WAITING", 1), observationOf(1, 1, 8, "WAITING", 3)];
  const found = findQueueFaults([...late, observationOf(2, 2, 2, "ADMITTED")], false);
  assert.deepEqual([found.inversions, found.risenPositions, found.latePlaces], [[], [], 1]);
  const returned = [observationOf(2, 2, 1, "WAITING", 2), observationOf(2, 2, 9, "ADMITTED")];
  const other = [observationOf(1, 1, 9, "WAITING", 1), observationOf(1, 1, 10, "WAITING", 1)];
  assert.deepEqual(findQueueFaults([...returned, ...other], false).inversions, []);
});

Deno.test("findQueueFaults() checks late fans where the time to show up is known to be longer", () => {
  const late = [observationOf(1, 1, 1, "WAITING", 1), observationOf(1, 1, 8, "WAITING", 3)];
  const found = findQueueFaults([...late, observationOf(2, 2, 2, "ADMITTED")], false, 8_000);
  assert.deepEqual([found.inversions.length, found.risenPositions.length, found.latePlaces], [
    1,
    1,
    0,
  ]);
  assert.equal(findQueueFaults(late, false, 5_000).latePlaces, 1, "later than the end of the turn");
});

Deno.test("findQueueFaults() finds a position that rose and a lost place", () => {
  const found = findQueueFaults([
    observationOf(1, 1, 1, "WAITING", 1),
    observationOf(1, 1, 3, "WAITING", 2),
    observationOf(2, 2, 1, "WAITING", 2),
    observationOf(2, 2, 3, "GONE"),
  ], false);
  assert.match(found.risenPositions.join(), /ticket 1 rose from 1 to 2/);
  assert.match(found.goneWhileWaiting.join(), /ticket 2 read GONE at 3.00 s/);
});

Deno.test("findQueueFaults() finds a ticket number of two fans", () => {
  const found = findQueueFaults([
    observationOf(1, 7, 1, "ADMITTED"),
    observationOf(2, 7, 1, "ADMITTED"),
  ], false);
  assert.equal(found.sharedTickets.length, 1);
});

Deno.test("findQueueFaults() checks nothing after a reset of the queue", () => {
  const found = findQueueFaults([
    observationOf(1, 7, 1, "ADMITTED"),
    observationOf(2, 7, 1, "ADMITTED"),
  ], true);
  assert.deepEqual(found.sharedTickets, []);
});

Deno.test("estimateErrors() compares the estimates with the actual wait", () => {
  const errors = estimateErrors([
    observationOf(1, 1, 1, "WAITING", 2),
    observationOf(1, 1, 3, "WAITING", 1),
    observationOf(1, 1, 4, "ADMITTED"),
    observationOf(2, 2, 1, "WAITING", 3),
  ]);
  assert.deepEqual(errors, [2, 4]);
});
