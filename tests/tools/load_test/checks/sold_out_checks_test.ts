import assert from "node:assert/strict";
import { checkSoldOut } from "../../../../src/tools/load_test/checks/sold_out_checks.ts";
import type { PlaceObservation } from "../../../../src/tools/load_test/observations.ts";
import { observationOf } from "../fixtures.ts";

const SEATS = 2;
const requests = {
  firstHolds: new Map([[1, 1_000], [2, 3_000]]),
  firstPayments: new Map([[1, 2_000], [2, 5_000]]),
};

function soldOut(atSecond: number, seatsMayReturn: boolean): PlaceObservation {
  return { ...observationOf(1, 1, atSecond, "WAITING", 1), reason: "SOLD_OUT", seatsMayReturn };
}

function findDetails(places: PlaceObservation[], seats = SEATS): string {
  const violations = checkSoldOut(places, requests, seats);
  assert.ok(violations.every(({ rule }) => rule === "sold out"));
  return violations.map(({ detail }) => detail).join("\n");
}

Deno.test("checkSoldOut() allows SOLD_OUT after a request to hold every seat, and a final one after payments", () => {
  assert.equal(
    findDetails([observationOf(1, 1, 1, "WAITING", 1), soldOut(4, true), soldOut(6, false)]),
    "",
  );
});

Deno.test("checkSoldOut() finds SOLD_OUT before a request to hold the last seat", () => {
  assert.match(
    findDetails([soldOut(2, true)]),
    /^1 answers had SOLD_OUT from 2\.00 s on, .* to hold the last seat was sent: 3\.00 s/,
  );
  assert.match(findDetails([soldOut(9, true)], 3), /hold the last seat was sent: never/);
});

Deno.test("checkSoldOut() finds a final SOLD_OUT before a request to pay the last seat", () => {
  const details = findDetails([soldOut(4, false), soldOut(4.5, false), soldOut(6, false)]);
  assert.match(
    details,
    /^2 answers had SOLD_OUT without seatsMayReturn from 4\.00 s on, .* pay .* sent: 5\.00 s$/,
  );
});
