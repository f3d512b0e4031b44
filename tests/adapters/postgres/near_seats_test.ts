import { deepEqual, ok } from "node:assert/strict";
import type { Sql } from "../../../src/adapters/postgres/sql.ts";
import { type NewDate, putOnSale } from "../../contract/box_office/office.ts";
import { openTestDatabase } from "../../support/embedded_database.ts";
import { withSeed } from "../../support/random.ts";
import { officeOver } from "./office.ts";

const FILE = "tests/adapters/postgres/near_seats_test.ts";
const HALLS = 20;
const WHOLE_HALL = 1_000_000;

/** Rows lie in up to two stretches, so a row in front can go on far behind. */
function hallOf(random: () => number): NewDate {
  const below = (limit: number) => Math.floor(random() * limit);
  const isNamed = random() < 0.8;
  const stretches = Array.from({ length: 4 + below(8) }, () => ({
    row: isNamed || random() < 0.5 ? `${below(10)}` : null,
    length: 1 + below(6),
    gap: below(3),
  }));
  const seats: { row: string | null; seatNumber: number; label: string }[] = [];
  let seatNumber = 0;
  for (const { row, length, gap } of stretches) {
    seatNumber += gap;
    for (let i = 0; i < length; i++) {
      seatNumber++;
      seats.push({ row, seatNumber, label: `${seatNumber}` });
    }
  }
  return { seats: seats.length, seatAt: (i) => ({ ...seats[i]!, section: "Floor" }) };
}

async function bestWhen(sql: Sql, nearSeats: number, schedule: number, quantity: number) {
  await sql(
    `create or replace function near_seats() returns integer language sql immutable as
      'select ${nearSeats}'`,
    [],
  );
  const [row] = await sql(
    "select to_json(lock_best_seats($1::text::bigint, $2::text::jsonb, null))::text as best",
    [String(schedule), JSON.stringify({ quantity, section: null, maxPrice: null })],
  );
  return JSON.parse(row!["best"] as string) as { seat_ids: number[] | null; together: number };
}

Deno.test("a search that looks at the first free seats first finds what a search of the whole hall finds", async () => {
  const office = officeOver(await openTestDatabase());
  const { sql } = office;
  try {
    await withSeed(FILE, async (random) => {
      let found = 0;
      for (let hall = 0; hall < HALLS; hall++) {
        const [{ scheduleId, seatIds }] = await putOnSale(office, [hallOf(random)]);
        const sold = seatIds.filter(() => random() < 0.3);
        await sql("update seats set sold = true where seat_id = any ($1::text::bigint[])", [
          `{${sold}}`,
        ]);
        for (let quantity = 1; quantity <= 4; quantity++) {
          const whole = await bestWhen(sql, WHOLE_HALL, scheduleId, quantity);
          for (const near of [1, 3, 6, 10]) {
            const { seat_ids } = await bestWhen(sql, near, scheduleId, quantity);
            deepEqual(seat_ids, whole.seat_ids, `${quantity} of the first ${near}`);
          }
          if (whole.seat_ids) found++;
        }
      }
      ok(found >= HALLS, "the halls have seats");
    });
  } finally {
    await office.close();
  }
});
