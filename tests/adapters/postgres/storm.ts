import { ok } from "node:assert/strict";
import type { Reservation } from "../../../src/domain/booking.ts";
import { assertLaws, countOf } from "../../contract/box_office/laws.ts";
import { newRichFan, putOnSale, SEAT_LIMIT } from "../../contract/box_office/office.ts";
import { withSeed } from "../../support/random.ts";
import { CONTENDERS, pick, RACES_FILE, type RaceTest } from "./race.ts";

const ACTS_PER_FAN = 60;
const SEATS_PER_DATE = 10;
/** A hold (5 min) lapses within some twenty acts of all fans together. */
const LONGEST_STEP_MS = 30_000;

/** All that fans, cron and operator can do, on a few hot seats, at once. */
export function storm(test: RaceTest): void {
  test("B1…B7: a storm of every act at once breaks no law", async ({ office }) => {
    await withSeed(RACES_FILE, async (random) => {
      const one = await putOnSale(office, [{ seats: SEATS_PER_DATE }, { seats: SEATS_PER_DATE }]);
      const other = await putOnSale(office, [{ seats: SEATS_PER_DATE }]);
      const dates = [...one, ...other];

      async function visit(): Promise<number> {
        const fan = await newRichFan(office);
        let held: Reservation[] = [];
        let done = 0;
        for (let act = 0; act < ACTS_PER_FAN; act++) {
          office.clock.nowMs += Math.floor(random() * LONGEST_STEP_MS / CONTENDERS);
          const dice = random();
          if (dice < 0.5) {
            const [date] = pick(random, dates, 1);
            const wish = pick(random, date!.seatIds, 1 + Math.floor(random() * SEAT_LIMIT));
            const outcome = await fan.hold(date!, wish);
            if (outcome.ok) held.push(...outcome.value);
          } else if (dice < 0.65) {
            const paying = pick(random, held, 3);
            if (paying.length > 0 && (await fan.pay(paying)).ok) done += paying.length;
          } else if (dice < 0.9) {
            const [leaving] = pick(random, held, 1);
            if (leaving) await fan.cancel(leaving);
            held = held.filter((reservation) => reservation !== leaving);
          } else if (dice < 0.95) {
            await office.bookings.sweep(3);
          } else {
            const schedules = pick(random, one, 2).map(({ scheduleId }) => ({
              scheduleId,
              reservationAvailableAt: "2020-01-01T00:00:00Z",
            }));
            await office.catalogue.update(one[0].concertId, { title: "Ode", schedules }, null);
          }
        }
        return done;
      }

      const paid = await Promise.all(Array.from({ length: CONTENDERS }, visit));
      ok(paid.reduce((sum, count) => sum + count, 0) > 0, "nobody paid for anything");
      await assertLaws(office.sql);
      const beyondLimit = `select count(*) from (
        select 1 from reservations where status = 'PAID' group by fan_id, schedule_id
        having count(*) > ${SEAT_LIMIT} and schedule_id = any ($1::text::bigint[])) as greedy`;
      const scheduleIds = `{${dates.map(({ scheduleId }) => scheduleId).join(",")}}`;
      ok(await countOf(office.sql, beyondLimit, scheduleIds) === 0, "a fan passed the limit");
    });
  });
}
