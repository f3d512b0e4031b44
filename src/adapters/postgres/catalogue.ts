import type { Concert } from "../../domain/booking.ts";
import type { ConcertId } from "../../domain/ids.ts";
import { ok, refused } from "../../domain/result.ts";
import type { RoomSettings } from "../../domain/room.ts";
import { runsOf, type SeatMap, type SeatRow, type SeatSnapshot } from "../../domain/seat_map.ts";
import type {
  Block,
  Catalogue,
  ConcertForOperator,
  CreatedConcert,
  CreateFailure,
  ExpiringValue,
  ProgrammeConcert,
  SchedulesOfConcert,
  UpdateConcertFailure,
} from "../../ports/catalogue.ts";
import {
  IDS_ON_SALE,
  LIST_ON_SALE,
  LIST_PROGRAMME,
  LIST_SCHEDULES,
  SEAT_MAP,
  SEAT_STATUSES,
} from "./on_sale_statements.ts";
import { queryPage } from "./page.ts";
import type { EventEffects } from "../../ports/outbox.ts";
import { settingsInput } from "./room_settings.ts";
import {
  createdSchedule,
  type CreatedScheduleColumns,
  faultOfSize,
  scheduleInput,
} from "./seats_input.ts";
import {
  type ActTime,
  callAct,
  callRecordedAct,
  databaseTime,
  queryJson,
  type Sql,
} from "./sql.ts";

const LIST_FOR_OPERATOR = `
  with now as (select act_time($6::text::timestamptz) as at),
  page as (
    select c.concert_id, c.created_at from concerts c, now
    where ($1::text = '' or c.room_id = $1::text)
      and ($2::text is null or c.concert_id < $3::text::bigint)
      and ($5::text is null or concert_status(c, now.at) = $5::text)
    order by c.concert_id desc
    limit $4::text::integer
  )
  select json_build_object(
    'items', json_agg(concert_json(concert_id, now.at) order by concert_id desc),
    'marks', json_agg(json_build_object('atMs', epoch_ms(created_at), 'sequence', concert_id)
      order by concert_id desc))::text as result
  from page, now`;

interface SeatMapColumns {
  readonly mapVersion: string;
  /** Null where there are no seats. */
  readonly positions: readonly number[] | null;
  /** In the order of `SEAT_COLUMNS`. */
  readonly columns: readonly (readonly unknown[])[];
  /** Of the schedule, where there are no seats. */
  readonly sections: readonly string[] | null;
}

interface CreatedConcertColumns extends Omit<CreatedConcert, "schedules"> {
  readonly schedules: readonly CreatedScheduleColumns[];
}

/** `concertAt` is null where there is no such schedule. */
interface StatusesRow extends Omit<SeatSnapshot, "concertAt"> {
  readonly concertAt: string | null;
  readonly opensAt: string | null;
  readonly closedAt: string | null;
  readonly endsInMs: number;
}

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
  async function readBlock<Item extends Concert>(
    statement: string,
    block: number,
  ): Promise<ExpiringValue<Block<Item>>> {
    const params = [actTime(), String(block)];
    const found = await queryJson<ExpiringValue<Block<Item>>>(sql, statement, params);
    if (!found) throw new Error("the list gave no answer");
    return found;
  }

  return {
    listOnSale: (block) => readBlock<Concert>(LIST_ON_SALE, block),
    listProgramme: (block) => readBlock<ProgrammeConcert>(LIST_PROGRAMME, block),
    async idsOnSale() {
      return await queryJson<ConcertId[]>(sql, IDS_ON_SALE, [actTime()]) ?? [];
    },
    listSchedules(concertId) {
      const params = [String(concertId), actTime()];
      return queryJson<ExpiringValue<SchedulesOfConcert>>(sql, LIST_SCHEDULES, params);
    },
    async seatMap({ concertId, scheduleId }, section) {
      const params = [String(concertId), String(scheduleId), section];
      const found = await queryJson<SeatMapColumns>(sql, SEAT_MAP, params);
      return found && mapOf(found);
    },
    async seatStatuses(schedule) {
      const input = JSON.stringify({ ...schedule, now: actTime() });
      const found = await queryJson<StatusesRow>(sql, SEAT_STATUSES, [input]);
      if (!found) return refused({ kind: "CONCERT_NOT_FOUND" });
      const { concertAt, opensAt, closedAt, endsInMs, ...snapshot } = found;
      if (concertAt === null) return refused({ kind: "SCHEDULE_NOT_FOUND" });
      if (opensAt !== null) return refused({ kind: "SALE_NOT_OPEN", opensAt });
      if (closedAt !== null) return refused({ kind: "SALE_CLOSED", closedAt });
      return ok({ value: { ...snapshot, concertAt }, changesInMs: endsInMs });
    },
    async create(concert, act, once = null) {
      const input = {
        ...concert,
        schedules: concert.schedules.map(scheduleInput),
        currency,
        act,
        idempotency: once,
        defaultSettings: settingsInput(defaultSettings),
        now: actTime(),
      };
      const fault = faultOfSize(input, "schedules");
      if (fault) return refused({ kind: "VALIDATION_FAILED", errors: [fault] });
      const created = await callRecordedAct<null, CreateFailure>(
        sql,
        "create_concert",
        input,
        { isHeavy: true, repeatable: once !== null },
      );
      if (!created.ok) return created;
      const { json, replayed } = created.value;
      const { schedules, ...made } = JSON.parse(json) as CreatedConcertColumns;
      return ok({
        ...made,
        schedules: schedules.map((schedule, index) =>
          createdSchedule(concert.schedules[index]!, schedule)
        ),
        replayed,
      });
    },
    get(concertId) {
      const text = `
        select concert_json($1::text::bigint, act_time($2::text::timestamptz))::text as result`;
      return queryJson<ConcertForOperator>(sql, text, [String(concertId), actTime()]);
    },
    async list({ status, room }, page) {
      const found = await queryPage<ConcertForOperator>(
        sql,
        LIST_FOR_OPERATOR,
        room ?? "",
        page,
        status,
        actTime(),
      );
      return found ?? { items: [], next: null };
    },
    async update(concertId, changes, act) {
      const updated = await callAct<
        { concert: ConcertForOperator; effects: EventEffects },
        UpdateConcertFailure
      >(
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
      return updated.ok ? ok({ ...updated.value.concert, ...updated.value.effects }) : updated;
    },
    async ping() {
      await sql("select 1", []);
    },
  };
}

/** PostgreSQL gives columns, which are a fraction of the text of as many objects. */
function mapOf({ mapVersion, positions, columns, sections }: SeatMapColumns): SeatMap {
  const places = positions ?? [];
  const rows = places.map((_, seat) => columns.map((column) => column[seat]) as unknown as SeatRow);
  const others = positions ? {} : { sections: sections ?? [] };
  return { mapVersion, runs: runsOf(places), rows, ...others };
}
