import assert from "node:assert/strict";
import type { MapSeat } from "@stanchion/client";
import { neighbour, planOf } from "../../src/pages/shop/geometry.ts";
import { moved, wholeView, zoomed } from "../../src/pages/shop/view_box.ts";

function seat(seatNumber: number, given: Partial<MapSeat> = {}): MapSeat {
  return {
    seatId: seatNumber,
    seatNumber,
    label: String(seatNumber),
    section: null,
    row: null,
    x: null,
    y: null,
    price: 1,
    status: "AVAILABLE",
    own: false,
    ...given,
  };
}

/** A block of seats so far apart, and the distance between neighbours in its plan. */
function neighboursOf(apart: number): number {
  const seats = Array.from(
    { length: 50 },
    (_, index) =>
      seat(index + 1, { x: 7 + (index % 10) * apart, y: -3 + Math.floor(index / 10) * apart }),
  );
  const { spots } = planOf(seats);
  return spots[1]!.x - spots[0]!.x;
}

Deno.test("seats are one unit apart, whatever the units of the hall are", () => {
  for (const apart of [0.01, 1, 55]) {
    assert.ok(Math.abs(neighboursOf(apart) - 1) < 1e-6, String(apart));
  }
});

Deno.test("planOf() draws every seat inside the plan, below the stage", () => {
  const rows = ["A", "B"].flatMap((row) =>
    Array.from({ length: 12 }, (_, index) => seat(index + 1, { row, section: "S" }))
  );
  const loose = Array.from({ length: 60 }, (_, index) => seat(index + 1));
  const alone = [seat(1, { x: 5, y: 5 })];
  const stacked = [seat(1, { x: 5, y: 5 }), seat(2, { x: 5, y: 5 })];
  for (const seats of [rows, loose, alone, stacked]) {
    const plan = planOf(seats);
    assert.equal(plan.spots.length, seats.length);
    for (const { x, y } of plan.spots) {
      assert.ok(x > 0 && x < plan.width && y > plan.stage && y < plan.height);
    }
  }
});

Deno.test("seats without places stand in the rows of their sections", () => {
  const seats = [
    ...[3, 1, 2].map((number) => seat(number, { section: "L", row: "A" })),
    ...[1, 2].map((number) => seat(number, { section: "R", row: "A" })),
  ];
  const { spots, labels } = planOf(seats);
  const first = spots.filter(({ seat }) => seat.section === "L");
  assert.equal(new Set(first.map(({ y }) => y)).size, 1);
  const order = first.toSorted((a, b) => a.x - b.x).map(({ seat }) => seat.seatNumber);
  assert.deepEqual(order, [1, 2, 3]);
  const names = labels.filter(({ kind }) => kind === "section").map(({ text }) => text);
  assert.deepEqual(names, ["L", "R"]);
});

Deno.test("a hall of one row or one column is drawn as large as others", () => {
  const row = Array.from({ length: 400 }, (_, index) => seat(index + 1, { row: "A" }));
  const loose = row.slice(0, 10).map(({ seatId }) => seat(seatId));
  const column = row.slice(0, 30).map(({ seatId }) => seat(seatId, { x: 3, y: seatId * 40 }));
  for (const seats of [row, loose, column, row.slice(0, 2)]) {
    const { width, height, spots } = planOf(seats);
    assert.equal(spots.length, seats.length);
    assert.ok(Math.max(width, height) < seats.length + 10, `${width} by ${height}`);
  }
});

Deno.test("an aisle is drawn where numbers of a row are left out", () => {
  const seats = [1, 2, 4, 5].map((number) => seat(number, { section: "L", row: "A" }));
  const xs = planOf(seats).spots.map(({ x }) => x);
  const gaps = xs.slice(1).map((x, index) => Math.round(x - xs[index]!));
  assert.deepEqual(gaps, [1, 2, 1]);
});

Deno.test("nearest() and neighbour() find seats of a large hall", () => {
  const seats = Array.from(
    { length: 5_000 },
    (_, index) => seat(index + 1, { x: index % 100, y: Math.floor(index / 100) }),
  );
  const plan = planOf(seats);
  const spot = plan.spots[2_550]!;
  assert.equal(plan.nearest(spot.x + 0.3, spot.y - 0.3, 0.8), spot);
  assert.equal(plan.nearest(spot.x, -5, 0.8), null);
  assert.equal(neighbour(plan, spot, "right"), plan.spots[2_551]);
  assert.equal(neighbour(plan, spot, "up"), plan.spots[2_450]);
  assert.equal(neighbour(plan, plan.spots[0]!, "left"), plan.spots[0]);
});

Deno.test("a view zooms about a point, and never leaves the plan", () => {
  const plan = { width: 100, height: 40 };
  const whole = wholeView(100, 40, 1);
  // A plan that is lower than the view is in its middle.
  assert.deepEqual(whole, { x: 0, y: -30, width: 100, height: 100 });
  const near = zoomed(whole, 4, { x: 50, y: 20 }, plan);
  assert.deepEqual([near.x, near.width], [37.5, 25]);
  assert.deepEqual(moved(near, -1_000, 0, plan).x, 0);
  assert.deepEqual(moved(near, 1_000, 0, plan).x, 75);
  assert.equal(zoomed(near, 0.001, { x: 50, y: 20 }, plan).width, 100);
  assert.equal(zoomed(near, 1_000, { x: 50, y: 20 }, plan).width, 6);
});
