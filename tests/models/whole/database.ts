import type { Sql } from "../../../src/adapters/postgres/sql.ts";
import type { ConcertId, FanId, RoomId, ScheduleId, SeatId } from "../../../src/domain/ids.ts";
import type { RoomSettings } from "../../../src/domain/room.ts";
import { officeOver } from "../../adapters/postgres/office.ts";
import { ALEX, must, putOnSale } from "../../contract/box_office/office.ts";
import { openTestDatabase } from "../../support/embedded_database.ts";
import { drawNumber } from "../line/world.ts";
import {
  LOOK_STATEMENT,
  MADE_STATEMENT,
  OWNERS_STATEMENT,
  tracesStatement,
} from "./office_statements.ts";

/** When every history begins. */
export const BEGINS_MS = Date.UTC(2030, 0, 1);
export const FANS = 200;
export const FAN_BEGINS_WITH = 3_000;
/** After so many histories the rows of those that were rolled back are cleared away. */
const VACUUM_AFTER = 1_000;

export interface SaleDate {
  readonly concertId: ConcertId;
  readonly scheduleId: ScheduleId;
  readonly seatIds: readonly SeatId[];
}

/** A room with one concert in it. */
export interface SaleRoom {
  readonly room: RoomId;
  readonly dates: readonly SaleDate[];
}

/** One database, in which every history finds the same sales and leaves nothing. */
export interface WorldDatabase {
  readonly sql: Sql;
  readonly rooms: readonly SaleRoom[];
  begin(): Promise<void>;
  rollback(): Promise<void>;
  close(): Promise<void>;
}

const SETTINGS = {
  pollMinSeconds: 2,
  pollMaxSeconds: 10,
  admissionTtlMs: 60_000,
  challengeAtJoin: false,
};
const HOLD_TTL_MS = 30_000;

interface Planned {
  readonly room: string;
  readonly settings: Partial<RoomSettings>;
  /** The seats of each date, and in how long its sale opens and ends. */
  readonly dates: readonly { seats: number; opensInMs?: number; endsInMs?: number }[];
}

/** Its fans look for the dates of the first room. */
export const POP_UP = "pop-up" as RoomId;

const PLAN: readonly Planned[] = [
  { room: "one", settings: { capacity: 1 }, dates: [{ seats: 2 }, { seats: 1 }] },
  {
    room: "two",
    settings: { capacity: 2, admissionsPerMinute: 60, challengeAtJoin: true },
    dates: [{ seats: 1 }],
  },
  {
    room: "wide",
    settings: { capacity: 100 },
    dates: [{ seats: 3 }, { seats: 2, opensInMs: 20_000 }, { seats: 1, endsInMs: 90_000 }],
  },
  {
    room: "lobby",
    settings: { state: "LOBBY", opensAtMs: BEGINS_MS + 15_000, capacity: 2 },
    dates: [{ seats: 2 }],
  },
  { room: "slow", settings: { capacity: 3, admissionsPerMinute: 6 }, dates: [{ seats: 4 }] },
  // Nothing is sold for it, so that the operator may delete it.
  { room: POP_UP, settings: { capacity: 2 }, dates: [] },
];

export const fanName = (number: number) => `fan-${number}` as FanId;

export async function openWorldDatabase(): Promise<WorldDatabase> {
  const database = await openTestDatabase();
  const { sql } = database;
  const office = officeOver(database, { nowMs: BEGINS_MS });
  const rooms: SaleRoom[] = [];
  for (const [number, { room, settings, dates }] of PLAN.entries()) {
    const id = room as RoomId;
    const all = { ...SETTINGS, holdTtlMs: HOLD_TTL_MS, ...settings };
    must(await office.rooms.create(id, all, drawNumber(number), ALEX));
    if (dates.length === 0) {
      rooms.push({ room: id, dates: rooms[0]!.dates });
      continue;
    }
    const sold = await putOnSale(
      office,
      dates.map(({ seats, opensInMs = -60_000 }) => ({ seats, opensInMs })),
      id,
    );
    for (const [i, { endsInMs }] of dates.entries()) {
      const endsAt = new Date(BEGINS_MS + (endsInMs ?? 20 * 86_400_000)).toISOString();
      await sql(
        `update schedules set sales_end_at = $1::text::timestamptz, refund_until = $2::text::timestamptz
          where schedule_id = $3::text::bigint`,
        [endsAt, new Date(BEGINS_MS + 120_000).toISOString(), String(sold[i]!.scheduleId)],
      );
    }
    rooms.push({ room: id, dates: sold });
  }
  for (let number = 1; number <= FANS; number++) {
    const once = { caller: `fan:${fanName(number)}`, route: "begin", key: "first", bodyHash: "" };
    const charge = { fan: fanName(number), amount: FAN_BEGINS_WITH, currency: "KRW", act: null };
    must(await office.accounts.charge(charge, once));
  }
  // A history is one transaction of the time of its own clock.
  await sql(
    `create or replace function longest_act() returns interval language sql immutable as $$
      select interval '1 hour' $$`,
    [],
  );
  for (const text of [LOOK_STATEMENT, MADE_STATEMENT, OWNERS_STATEMENT]) await sql(text, []);
  const tables = await sql(
    "select tablename::text as name from pg_tables where schemaname = 'public' order by 1",
    [],
  );
  await sql(tracesStatement(tables.map(({ name }) => String(name))), []);
  let histories = 0;
  return {
    sql,
    rooms,
    async begin() {
      if (++histories % VACUUM_AFTER === 0) await sql("vacuum", []);
      await sql("begin", []);
    },
    async rollback() {
      await sql("rollback", []);
    },
    close: () => database.close(),
  };
}
