import assert from "node:assert/strict";
import type { Sighting } from "../../../src/tools/load_test/seen.ts";
import { checkSoldOut } from "../../../src/tools/load_test/stock_checks.ts";
import { sighting } from "./support.ts";

const SEATS = 2;
const asks = {
  firstHolds: new Map([[1, 1_000], [2, 3_000]]),
  firstPayments: new Map([[1, 2_000], [2, 5_000]]),
};

function soldOut(atSecond: number, seatsMayReturn: boolean): Sighting {
  return { ...sighting(1, 1, atSecond, "WAITING", 1), reason: "SOLD_OUT", seatsMayReturn };
}

function found(told: Sighting[], seats = SEATS): string {
  const breaches = checkSoldOut(told, asks, seats);
  assert.ok(breaches.every(({ law }) => law === "sold out"));
  return breaches.map(({ what }) => what).join("\n");
}

Deno.test("checkSoldOut() allows SOLD_OUT once every seat was asked for, and for good once paid", () => {
  assert.equal(found([sighting(1, 1, 1, "WAITING", 1), soldOut(4, true), soldOut(6, false)]), "");
});

Deno.test("checkSoldOut() finds SOLD_OUT while a seat had never been asked for", () => {
  assert.match(found([soldOut(2, true)]), /1 times from 2\.00 s on, .* asked for: 3\.00 s/);
  assert.match(found([soldOut(9, true)], 3), /asked for: never/);
});

Deno.test("checkSoldOut() finds SOLD_OUT for good before the last seat was asked to be paid", () => {
  const told = found([soldOut(4, false), soldOut(4.5, false), soldOut(6, false)]);
  assert.match(told, /^told for good 2 times from 4\.00 s on, .* paid: 5\.00 s$/);
});
