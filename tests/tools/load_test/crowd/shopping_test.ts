import assert from "node:assert/strict";
import { pickSeats } from "../../../../src/tools/load_test/crowd/shopping.ts";

Deno.test("pickSeats() takes free seats at the spot, and fewer where there are not enough", () => {
  const seat = (seatId: number, status: "AVAILABLE" | "SOLD") => (
    { seatId, seatNumber: seatId, price: 1, status }
  );
  const seats = [seat(4, "AVAILABLE"), seat(1, "SOLD"), seat(2, "AVAILABLE"), seat(3, "AVAILABLE")];
  assert.deepEqual(pickSeats(seats, 2, 0), [2, 3]);
  assert.deepEqual(pickSeats(seats, 2, 0.999), [3, 4]);
  assert.deepEqual(pickSeats(seats, 4, 0.999), [2, 3, 4]);
  assert.deepEqual(pickSeats([seat(1, "SOLD")], 2, 0.5), []);
});
