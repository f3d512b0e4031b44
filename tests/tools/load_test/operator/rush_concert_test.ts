import assert from "node:assert/strict";
import { rushConcertBody } from "../../../../src/tools/load_test/operator/rush_concert.ts";

Deno.test("rushConcertBody() has exactly the given number of seats", () => {
  for (const seats of [1, 2, 3, 500, 1_001]) {
    const { schedules } = rushConcertBody(seats, "main", 0);
    assert.equal(schedules.reduce((sum, schedule) => sum + schedule.seats.length, 0), seats);
    assert.ok(schedules.every((schedule) => schedule.seats.length > 0));
  }
});
