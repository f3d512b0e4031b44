import assert from "node:assert/strict";
import { checkLine, estimateErrors } from "../../../src/tools/load_test/line_checks.ts";
import { sighting } from "./support.ts";

Deno.test("checkLine() finds nothing in a line that moves in order", () => {
  const found = checkLine([
    sighting(1, 1, 1, "WAITING", 1),
    sighting(2, 2, 1, "WAITING", 2),
    sighting(1, 1, 3, "ADMITTED"),
    sighting(2, 2, 3, "WAITING", 1),
    sighting(2, 2, 5, "ADMITTED"),
  ], false);
  assert.deepEqual(found, {
    inversions: [],
    rises: [],
    goneWhileWaiting: [],
    sharedTickets: [],
    late: 0,
    places: 2,
  });
});

Deno.test("checkLine() finds a fan still waiting after a later one was let in", () => {
  const { inversions } = checkLine([
    sighting(1, 1, 1, "WAITING", 1),
    sighting(2, 2, 2, "ADMITTED"),
    sighting(1, 1, 3, "WAITING", 1),
    sighting(1, 1, 5, "WAITING", 1),
  ], false);
  assert.equal(inversions.length, 1, "one a place");
  assert.match(inversions[0]!, /ticket 1 asked at 2.99 s and was WAITING, though ticket 2/);
});

Deno.test("checkLine() does not take answers that crossed on the way for an inversion", () => {
  const asked = { ...sighting(1, 1, 2.5, "WAITING", 1), sentAtMs: 1_900 };
  const { inversions } = checkLine([
    sighting(1, 1, 1, "WAITING", 1),
    asked,
    sighting(2, 2, 2, "ADMITTED"),
  ], false);
  assert.deepEqual(inversions, []);
});

Deno.test("checkLine() leaves out whoever asked later than told, on either side", () => {
  const late = [sighting(1, 1, 1, "WAITING", 1), sighting(1, 1, 8, "WAITING", 3)];
  const found = checkLine([...late, sighting(2, 2, 2, "ADMITTED")], false);
  assert.deepEqual([found.inversions, found.rises, found.late], [[], [], 1]);
  const returned = [sighting(2, 2, 1, "WAITING", 2), sighting(2, 2, 9, "ADMITTED")];
  const other = [sighting(1, 1, 9, "WAITING", 1), sighting(1, 1, 10, "WAITING", 1)];
  assert.deepEqual(checkLine([...returned, ...other], false).inversions, []);
});

Deno.test("checkLine() holds the late to the order, where their turn is known to last", () => {
  const late = [sighting(1, 1, 1, "WAITING", 1), sighting(1, 1, 8, "WAITING", 3)];
  const found = checkLine([...late, sighting(2, 2, 2, "ADMITTED")], false, 10_000);
  assert.deepEqual([found.inversions.length, found.rises.length, found.late], [1, 1, 0]);
  assert.equal(checkLine(late, false, 7_000).late, 1, "longer than the turn lasts");
});

Deno.test("checkLine() finds a position that rose, and a place that was lost", () => {
  const found = checkLine([
    sighting(1, 1, 1, "WAITING", 1),
    sighting(1, 1, 3, "WAITING", 2),
    sighting(2, 2, 1, "WAITING", 2),
    sighting(2, 2, 3, "GONE"),
  ], false);
  assert.match(found.rises.join(), /ticket 1 rose from 1 to 2/);
  assert.match(found.goneWhileWaiting.join(), /ticket 2 read GONE at 3.00 s/);
});

Deno.test("checkLine() finds a ticket that two fans were given", () => {
  const found = checkLine([sighting(1, 7, 1, "ADMITTED"), sighting(2, 7, 1, "ADMITTED")], false);
  assert.equal(found.sharedTickets.length, 1);
});

Deno.test("checkLine() checks no order over a reset of the line", () => {
  const found = checkLine([sighting(1, 7, 1, "ADMITTED"), sighting(2, 7, 1, "ADMITTED")], true);
  assert.deepEqual(found.sharedTickets, []);
});

Deno.test("estimateErrors() compares what was told with the wait that came", () => {
  const errors = estimateErrors([
    sighting(1, 1, 1, "WAITING", 2),
    sighting(1, 1, 3, "WAITING", 1),
    sighting(1, 1, 4, "ADMITTED"),
    sighting(2, 2, 1, "WAITING", 3),
  ]);
  assert.deepEqual(errors, [2, 4]);
});
