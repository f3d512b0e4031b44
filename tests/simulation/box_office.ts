import type { Repositories } from "../../src/composition/stores.ts";
import type { Concert, Schedule } from "../../src/domain/booking.ts";
import type { SeatMap } from "../../src/domain/seat_map.ts";
import {
  type ConcertId,
  type FanId,
  MAIN_ROOM,
  type ScheduleId,
  type SeatId,
} from "../../src/domain/ids.ts";
import type { PlaceRef } from "../../src/domain/queue.ts";
import { ok, refused } from "../../src/domain/result.ts";
import type { Rules, Stock } from "../../src/domain/room.ts";
import type { Clock } from "../../src/ports/clock.ts";

export const CONCERT = 1 as ConcertId;
/** The seats are spread over the dates of one concert. */
const DATES = 4;

/** One concert, as far as a sale needs it: seats are counted, and nobody chooses among them. */
export interface BoxOffice {
  readonly repositories: Repositories;
  readonly sold: number;
  readonly hasSeats: boolean;
  scheduleOf(fan: number): ScheduleId;
  /** Holds seats without a call. False when none is left. */
  hold(place: PlaceRef, schedule: ScheduleId): boolean;
  /** Seats come back on sale. */
  add(seats: number): void;
}

export interface BoxOfficeOptions {
  /** Null: enough for all. */
  readonly seats: number | null;
  readonly seatsPerFan: number;
  readonly clock: Clock;
  readonly rules: () => Rules;
}

interface Held {
  readonly place: PlaceRef;
  readonly schedule: ScheduleId;
  readonly seats: number;
}

export function createBoxOffice({ seats, seatsPerFan, clock, rules }: BoxOfficeOptions): BoxOffice {
  const holds = new Map<FanId, Held>();
  let free = seats ?? Infinity;
  let sold = 0;

  function hold(place: PlaceRef, schedule: ScheduleId): boolean {
    const taken = Math.min(seatsPerFan, free);
    if (taken === 0) return false;
    free -= taken;
    holds.set(place.fan, { place, schedule, seats: taken });
    return true;
  }

  /** Null: the room never had a concert, so seats limit nothing. */
  function count(): Stock | null {
    if (seats === null) return null;
    const nowMs = clock();
    return {
      available: free,
      returnsAtMs: holds.size > 0 ? nowMs + rules().holdTtlMs : null,
      asOfMs: nowMs,
    };
  }

  const catalogue = {
    listOnSale: () =>
      Promise.resolve({
        value: { after: 0, last: 0, concerts: [concert] },
        changesInMs: null,
      }),
    listSchedules: () =>
      Promise.resolve({ value: { room: MAIN_ROOM, schedules }, changesInMs: null }),
    seatMap: () => Promise.resolve(MAP),
    seatStatuses() {
      const takenAt = new Date(clock()).toISOString();
      const statuses = free > 0 ? "A" : "S";
      const { mapVersion } = MAP;
      const snapshot = { room: MAIN_ROOM, concertAt: DATE, mapVersion, takenAt, statuses };
      return Promise.resolve(ok({ value: snapshot, changesInMs: null }));
    },
  };
  const bookings = {
    holdAll(
      { place, scheduleId, seats: wanted }: {
        place: PlaceRef;
        scheduleId: ScheduleId;
        seats: readonly { seatId: SeatId }[];
      },
    ) {
      const seatIds = wanted.map(({ seatId }) => seatId);
      return Promise.resolve(
        hold(place, scheduleId)
          ? ok({ json: "{}", effects: null, replayed: false })
          : refused({ kind: "SEAT_UNAVAILABLE" as const, seatIds, ownReservations: [] }),
      );
    },
    pay({ fan }: { fan: FanId }) {
      const { place, seats: paid } = holds.get(fan)!;
      holds.delete(fan);
      sold += paid;
      const isSoldOut = free === 0 && holds.size === 0;
      const effects = {
        places: [place],
        concertsWithChangedSchedule: isSoldOut ? [CONCERT] : [],
        changedConcerts: isSoldOut ? [CONCERT] : [],
        rooms: isSoldOut ? [place.room] : [],
      };
      return Promise.resolve(ok({ json: "{}", effects, replayed: false }));
    },
    sweep: () => Promise.resolve({ holds: 0, records: 0 }),
  };
  return {
    repositories: {
      catalogue,
      bookings,
      stockCounter: { count: () => Promise.resolve(count()) },
      rooms: {
        rules: () => Promise.resolve(rules()),
        recordOpening: () => Promise.resolve({ rules: rules() }),
      },
      outbox: {
        claim: () => Promise.resolve({ deliveries: [], hasWebhooks: false, dueInMs: null }),
      },
      // A sale calls nothing else of these, nor the other repositories.
    } as unknown as Repositories,
    get sold() {
      return sold;
    },
    get hasSeats() {
      return free > 0;
    },
    scheduleOf: (fan) => 1 + fan % DATES as ScheduleId,
    hold,
    add(returned) {
      free += returned;
    },
  };
}

const concert: Concert = {
  concertId: CONCERT,
  title: "A concert",
  description: "",
  venue: null,
  timeZone: "Asia/Seoul",
  room: MAIN_ROOM,
};
const DATE = "2030-06-01T19:00:00.000Z";
const schedules: readonly Schedule[] = Array.from({ length: DATES }, (_, i) => ({
  scheduleId: 1 + i as ScheduleId,
  concertAt: DATE,
  reservationAvailableAt: DATE,
  salesEndAt: "2030-06-02T19:00:00.000Z",
  status: "ON_SALE",
}));

/** One seat stands for all. */
const MAP: SeatMap = {
  mapVersion: "1",
  runs: [0, 1],
  rows: [[1 as SeatId, 1, "1", null, null, null, null, 0]],
};
