import { equal, match } from "node:assert/strict";
import {
  faultOfSize,
  MAX_SEATS_INPUT_BYTES,
  seatsInput,
} from "../../../src/adapters/postgres/seats_input.ts";
import { MAX_SEATS_PER_CONCERT } from "../../../src/domain/limits.ts";
import type { NewSeat } from "../../../src/ports/catalogue.ts";
import { LARGEST_SEATS, seatsThatDoNotFit } from "../../support/largest_seats.ts";

const faultOf = (seats: readonly NewSeat[]) => faultOfSize({ seats: seatsInput(seats) }, "seats");

for (const [name, seats] of Object.entries(LARGEST_SEATS)) {
  Deno.test(`${name} fit into one request to the database`, () => equal(faultOf(seats()), null));
}

Deno.test("seats that do not fit have a fault that names the bound", () => {
  const seats = seatsThatDoNotFit();
  equal(seats.length, MAX_SEATS_PER_CONCERT);
  const { path, message } = faultOf(seats)!;
  equal(path, "seats");
  match(message, new RegExp(`of at most ${MAX_SEATS_INPUT_BYTES}`));
});
