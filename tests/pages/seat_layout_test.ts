import { deepEqual, equal, ok } from "node:assert/strict";
import { layoutOf, seatAt, type SeatPlace } from "../../src/pages/ops/seat_layout.ts";

const seat = (place: Partial<SeatPlace>): SeatPlace => ({
  section: null,
  row: null,
  label: "1",
  x: null,
  y: null,
  ...place,
});

Deno.test("seats with places are drawn there, neighbours 1 apart", () => {
  const places = [[100, 50], [150, 50], [100, 100]] as const;
  const layout = layoutOf(places.map(([x, y]) => seat({ x, y })));
  deepEqual(layout.points, [[1, 1], [2, 1], [1, 2]]);
  equal(seatAt(layout, 2.1, 0.9), 1);
  equal(seatAt(layout, 5, 5), null);
});

Deno.test("seats without places are drawn in rows by section, and none upon another", () => {
  const seats = ["A", "B"].flatMap((section) =>
    ["1", "2"].flatMap((row) => ["1", "2", "3"].map((label) => seat({ section, row, label })))
  );
  const { points, names, width, height } = layoutOf(seats);
  deepEqual(names.map(({ text }) => text), ["A", "B"]);
  equal(new Set(points.map(String)).size, seats.length);
  ok(points.every(([x, y]) => x >= 0 && x <= width && y >= 0 && y <= height));
  equal(points[1]![0] - points[0]![0], 1);
  equal(points[3]![1] - points[0]![1], 1);
});

Deno.test("one seat, and seats on one line, have a size", () => {
  for (const seats of [[seat({ x: 3, y: 3 })], [seat({ x: 0, y: 3 }), seat({ x: 9, y: 3 })]]) {
    const { width, height, points } = layoutOf(seats);
    ok([width, height, ...points.flat()].every(Number.isFinite));
    ok(width > 0 && height > 0);
  }
});

Deno.test("a hall of 5,000 seats on curves is laid out in some milliseconds", () => {
  const seats = Array.from({ length: 5_000 }, (_, i) => {
    const [angle, radius] = [(i % 100) / 100 * Math.PI, 20 + Math.floor(i / 100)];
    return seat({ x: Math.cos(angle) * radius, y: Math.sin(angle) * radius });
  });
  const { width } = layoutOf(seats);
  ok(width > 30 && width < 2_000, `${width}`);
});
