import type { Concert, Seat, SeatMap } from "../../domain/booking.ts";
import type { FailureOf } from "../../domain/failures.ts";
import type { RoomId } from "../../domain/ids.ts";
import { ok, refused } from "../../domain/result.ts";
import type { RoomSettings } from "../../domain/room.ts";
import type {
  Catalogue,
  ConcertForOperator,
  CreatedConcert,
  CreateFailure,
  ExpiringValue,
  SchedulesOfConcert,
} from "../../ports/catalogue.ts";
import { settingsInput } from "./room_settings.ts";
import {
  type ActTime,
  callAct,
  callRecordedAct,
  databaseTime,
  queryJson,
  type Sql,
} from "./sql.ts";

/** Milliseconds until the value changes; null: it does not change by itself. */
const CHANGES_IN_MS = `ceil(extract(epoch from next.at - now.at) * 1000)`;

/** The next opening or end of a schedule, of all concerts or of one. */
const NEXT_CHANGE = (schedules: string) => `
  next as (
    select min(moment) as at from now, (
      select min(sc.reservation_available_at) as moment from schedules sc, now
        where ${schedules} and sc.reservation_available_at > now.at
      union all
      select min(sc.ends_at) from schedules sc, now
        where ${schedules} and sc.withdrawn_at is null and sc.ends_at > now.at) moments)`;

// Schedules that are over are not read, so the past costs nothing.
const LIST_ON_SALE = `
  with now as (select act_time($1::text::timestamptz) as at), ${NEXT_CHANGE("true")}
  select json_build_object(
    'changesInMs', (select ${CHANGES_IN_MS} from next, now),
    'value', (
      select coalesce(json_agg(json_build_object(
          'concertId', c.concert_id, 'title', c.title, 'description', c.description,
          'venue', c.venue, 'timeZone', c.time_zone) order by c.concert_id), '[]')
      from concerts c
      where c.withdrawn_at is null and c.concert_id in (
        select sc.concert_id from schedules sc
        where sc.ends_at > (select at from now) and sc.withdrawn_at is null
        group by sc.concert_id
        having bool_or(sc.seats_left > 0)
          and min(sc.reservation_available_at) <= (select at from now))))::text as result`;

const LIST_SCHEDULES = `
  with now as (select act_time($2::text::timestamptz) as at),
  ${NEXT_CHANGE("sc.concert_id = $1::text::bigint")}
  select json_build_object(
    'changesInMs', (select ${CHANGES_IN_MS} from next, now),
    'value', json_build_object('room', c.room_id, 'schedules', (
      select coalesce(json_agg(json_build_object(
          'scheduleId', sc.schedule_id,
          'concertAt', rfc3339(sc.concert_at),
          'reservationAvailableAt', rfc3339(sc.reservation_available_at),
          'salesEndAt', rfc3339(sc.ends_at),
          'status', schedule_status(sc, now.at)) order by sc.concert_at, sc.schedule_id), '[]')
      from schedules sc, now
      where sc.concert_id = c.concert_id and sc.withdrawn_at is null
        and sc.reservation_available_at <= now.at)))::text as result
  from concerts c where c.concert_id = $1::text::bigint and c.withdrawn_at is null`;

const SEAT_MAP = `
  with now as (select act_time($3::text::timestamptz) as at)
  select json_build_object(
    'room', c.room_id,
    'concertAt', rfc3339(sc.concert_at),
    'opensAt', case when sc.reservation_available_at > now.at
      then rfc3339(sc.reservation_available_at) end,
    'closedAt', case when sc.ends_at <= now.at then rfc3339(sc.ends_at) end,
    'changesInMs', (
      select ${CHANGES_IN_MS} from (select least(map.lapses_at, sc.ends_at) as at) next),
    'seats', map.seats)::text as result
  from concerts c
  cross join now
  left join schedules sc on sc.concert_id = c.concert_id and sc.schedule_id = $2::text::bigint
    and sc.withdrawn_at is null
  left join lateral (
    select min(s.held_until) filter (
        where not s.sold and not s.blocked and s.held_until > now.at) as lapses_at,
      json_agg(json_build_object(
        'seatId', s.seat_id, 'seatNumber', s.seat_number, 'label', s.label,
        'section', s.section, 'row', s.row_name, 'x', s.x, 'y', s.y, 'price', s.price,
        'status', case when s.sold or s.blocked then 'SOLD' when s.held_until > now.at then 'HELD'
          else 'AVAILABLE' end) order by s.seat_number) as seats
    from seats s
    where s.schedule_id = sc.schedule_id and sc.reservation_available_at <= now.at
      and sc.ends_at > now.at
  ) map on true
  where c.concert_id = $1::text::bigint and c.withdrawn_at is null`;

interface SeatMapRow {
  readonly room: RoomId;
  readonly concertAt: string | null;
  readonly opensAt: string | null;
  readonly closedAt: string | null;
  readonly changesInMs: number | null;
  readonly seats: Seat[] | null;
}

type UpdateFailure = FailureOf<"CONCERT_NOT_FOUND" | "SCHEDULE_NOT_FOUND" | "ROOM_NOT_FOUND">;

export interface PostgresCatalogueOptions {
  readonly sql: Sql;
  readonly actTime?: ActTime;
  /** The settings of `main` when it is created, since a concert refers to its room. */
  readonly defaultSettings: RoomSettings;
  /** Of all prices. */
  readonly currency: string;
}

/** Concerts, schedules and seats in PostgreSQL. */
export function postgresCatalogue(
  { sql, actTime = databaseTime, defaultSettings, currency }: PostgresCatalogueOptions,
): Catalogue {
  return {
    async listOnSale() {
      const found = await queryJson<ExpiringValue<Concert[]>>(sql, LIST_ON_SALE, [actTime()]);
      return found ?? { value: [], changesInMs: null };
    },
    listSchedules(concertId) {
      const params = [String(concertId), actTime()];
      return queryJson<ExpiringValue<SchedulesOfConcert>>(sql, LIST_SCHEDULES, params);
    },
    async seatMap(concertId, scheduleId) {
      const params = [String(concertId), String(scheduleId), actTime()];
      const row = await queryJson<SeatMapRow>(sql, SEAT_MAP, params);
      if (!row) return refused({ kind: "CONCERT_NOT_FOUND" });
      if (row.concertAt === null) return refused({ kind: "SCHEDULE_NOT_FOUND" });
      if (row.opensAt !== null) return refused({ kind: "SALE_NOT_OPEN", opensAt: row.opensAt });
      if (row.closedAt !== null) return refused({ kind: "SALE_CLOSED", closedAt: row.closedAt });
      const map: SeatMap = {
        concertId,
        scheduleId,
        concertAt: row.concertAt,
        seats: row.seats ?? [],
      };
      return ok({ value: { room: row.room, map }, changesInMs: row.changesInMs });
    },
    async create(concert, act, once = null) {
      const created = await callRecordedAct<null, CreateFailure>(
        sql,
        "create_concert",
        {
          ...concert,
          currency,
          act,
          idempotency: once,
          defaultSettings: settingsInput(defaultSettings),
          now: actTime(),
        },
        { isHeavy: true, repeatable: once !== null },
      );
      if (!created.ok) return created;
      const { json, replayed } = created.value;
      return ok({ ...JSON.parse(json) as CreatedConcert, replayed });
    },
    get(concertId) {
      const text = `
        select concert_json($1::text::bigint, act_time($2::text::timestamptz))::text as result`;
      return queryJson<ConcertForOperator>(sql, text, [String(concertId), actTime()]);
    },
    async update(concertId, changes, act) {
      const updated = await callAct<{ concert: ConcertForOperator }, UpdateFailure>(
        sql,
        "update_concert",
        {
          concertId,
          changes,
          act,
          defaultSettings: settingsInput(defaultSettings),
          now: actTime(),
        },
        { repeatable: true },
      );
      return updated.ok ? ok(updated.value.concert) : updated;
    },
    async ping() {
      await sql("select 1", []);
    },
  };
}
