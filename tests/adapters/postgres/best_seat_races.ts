import { deepEqual, equal, ok } from "node:assert/strict";
import type { Reservation } from "../../../src/domain/booking.ts";
import type { ConcertId, ScheduleId } from "../../../src/domain/ids.ts";
import { assertLaws } from "../../contract/box_office/laws.ts";
import {
  type BoxOffice,
  must,
  newFan,
  nth,
  rfc3339,
  seatsShown,
} from "../../contract/box_office/office.ts";
import { withSeed } from "../../support/random.ts";
import { behindLock, RACES_FILE, type RaceTest, rounds, untilWaiting } from "./race.ts";

const HALL_ROUNDS = rounds(3);
const CLIENTS = 64;
const ROWS = 20;
const SEATS_A_ROW = 20;
const GROUP = 4;

interface Hall {
  readonly concertId: ConcertId;
  readonly scheduleId: ScheduleId;
}

/** A date with rows of seats, numbered row by row. */
export async function openHall(
  { catalogue, clock }: Pick<BoxOffice, "catalogue" | "clock">,
  rows: readonly number[],
): Promise<Hall> {
  const seats = rows.flatMap((count, row) =>
    Array.from({ length: count }, (_, i) => ({
      price: 0,
      label: `${i + 1}`,
      section: "Floor",
      row: `${row + 1}`,
      x: i,
      y: row,
    }))
  );
  const concertAt = rfc3339(clock.nowMs + 86_400_000);
  const { concertId, schedules } = must(
    await catalogue.create({
      title: "Ode",
      description: "",
      venue: null,
      timeZone: "UTC",
      schedules: [{ concertAt, reservationAvailableAt: rfc3339(clock.nowMs - 1_000), seats }],
    }, null),
  );
  return { concertId, scheduleId: nth(schedules, 0).scheduleId };
}

/** A fan's order of the best seats. */
export async function holdBest(
  office: BoxOffice,
  hall: Hall,
  quantity: number,
  seatLimit = quantity,
) {
  const best = { quantity, section: null, maxPrice: null };
  const held = await newFan(office).holdBest(hall, best, { seatLimit });
  return held.ok ? held.value : held.failure;
}

function isGroup(held: Awaited<ReturnType<typeof holdBest>>): held is readonly Reservation[] {
  return Array.isArray(held);
}

export function bestSeatRaces(test: RaceTest): void {
  test("B1 B2 B6: 64 who want the best four of 400 buy all in fours, and no seat is left", async ({ office }) => {
    for (let round = 0; round < HALL_ROUNDS; round++) {
      const hall = await openHall(office, Array.from({ length: ROWS }, () => SEATS_A_ROW));
      const groups: (readonly Reservation[])[] = [];
      const client = async () => {
        for (;;) {
          const got = await holdBest(office, hall, GROUP);
          if (!isGroup(got)) {
            deepEqual(got, {
              kind: "SEAT_UNAVAILABLE",
              seatIds: [],
              ownReservations: [],
              seatsTogether: 0,
            });
            return;
          }
          groups.push(got);
        }
      };
      await Promise.all(Array.from({ length: CLIENTS }, client));
      equal(groups.length, ROWS * SEATS_A_ROW / GROUP, "all are sold in fours");
      const seats = groups.flat().map(({ seatId }) => seatId);
      equal(new Set(seats).size, ROWS * SEATS_A_ROW, "a seat is held twice");
      for (const group of groups) {
        equal(new Set(group.map(({ row }) => row)).size, 1);
        group.forEach(({ seatNumber }, i) => equal(seatNumber, group[0]!.seatNumber + i));
      }
      const { seats: shown } = must(await seatsShown(office, hall));
      ok(shown.every(({ status }) => status === "HELD"), "a seat is left alone");
    }
    await assertLaws(office.sql);
  });

  test("B1 B2 B6: groups of all sizes beside holds of named seats; who is refused was right", async ({ office }) => {
    await withSeed(RACES_FILE, async (random) => {
      for (let round = 0; round < HALL_ROUNDS; round++) {
        const rows = Array.from({ length: 12 }, () => 5 + Math.floor(random() * 12));
        const hall = await openHall(office, rows);
        const { seats } = must(await seatsShown(office, hall));
        const named = async () => {
          const seat = seats[Math.floor(random() * seats.length)]!;
          await newFan(office).hold(hall, [seat.seatId]);
        };
        const best = async (quantity: number) => {
          while (isGroup(await holdBest(office, hall, quantity))) {
            if (random() < 0.2) await named();
          }
        };
        await Promise.all(Array.from({ length: 24 }, (_, i) => best(2 + i % 4)));
        const left = must(await seatsShown(office, hall)).seats;
        const runs = left.reduce<number[]>((found, { status, row }, i) => {
          const before = left[i - 1];
          const goesOn = before?.status === "AVAILABLE" && before.row === row;
          if (status !== "AVAILABLE") return found;
          return goesOn ? [...found.slice(0, -1), found.at(-1)! + 1] : [...found, 1];
        }, []);
        ok(runs.every((length) => length < 2), `two together are left: ${runs}`);
      }
    });
    await assertLaws(office.sql);
  });

  test("a search waits for the last seats while another act has them, and gets them if that is refused", async (track) => {
    const hall = await openHall(track.office, [GROUP]);
    const lock = {
      text: "select 1 from seats where schedule_id = $1::text::bigint for no key update",
      params: [String(hall.scheduleId)],
    };
    const got = await behindLock(track, lock, async (release) => {
      const search = holdBest(track.office, hall, GROUP);
      await untilWaiting(track, 1, search);
      await release();
      return await search;
    });
    ok(isGroup(got), JSON.stringify(got));
  });
}
