import type { FailureOf } from "../../domain/failures.ts";
import type { RoomId } from "../../domain/ids.ts";
import type { RoomSettings, Stock } from "../../domain/room.ts";
import {
  type AuditEntry,
  type ChangedRoom,
  type Room,
  type Rooms,
  THE_CLOCK,
} from "../../ports/rooms.ts";
import { queryPage } from "./page.ts";
import { type ActTime, callAct, callFunction, databaseTime, queryJson, type Sql } from "./sql.ts";

const FIND = `select find_room_v1($1::text::jsonb)::text as result`;
const SETTLE = `select settle_room_v1($1::text::jsonb)::text as result`;
const STOCK =
  `select stock_of_room_v1($1::text, act_time_v1($2::text::timestamptz))::text as result`;

// The page of no room ('') is that of all: planned with what it is given, the statement keeps one
// half of the condition.
const AUDIT_LOG = `
  with page as (
    select * from audit_log a
    where ($1::text = '' or a.room_id = $1::text)
      and ($2::text is null or (a.at, a.entry_id) <
        (timestamptz 'epoch' + $2::text::bigint * interval '1 millisecond', $3::text::bigint))
    order by a.at desc, a.entry_id desc
    limit $4::text::integer
  )
  select json_build_object(
    'items', json_agg(json_build_object(
        'entryId', entry_id, 'at', rfc3339_v1(at), 'operator', operator, 'action', action,
        'room', room_id, 'subject', subject, 'old', old, 'new', new, 'reason', reason)
      order by page.at desc, entry_id desc),
    'marks', json_agg(json_build_object('atMs', epoch_ms_v1(at), 'sequence', entry_id)
      order by page.at desc, entry_id desc))::text as result
  from page`;

export interface PostgresRoomsParts {
  readonly sql: Sql;
  readonly actTime?: ActTime;
  /** Those of the room `main` when it comes into being, and of new rooms where nothing else is said. */
  readonly first: RoomSettings;
}

/** The rooms and the audit log, in PostgreSQL: one database function an act. */
export function postgresRooms(
  { sql, actTime = databaseTime, first }: PostgresRoomsParts,
): Rooms {
  // Whoever asks for `main` first brings what it is to begin with.
  function ask(text: string, room: RoomId): Promise<ChangedRoom | null> {
    const input = { room, first, clock: THE_CLOCK, now: actTime() };
    return queryJson(sql, text, [JSON.stringify(input)]);
  }

  return {
    async rules(room) {
      return (await ask(FIND, room))?.rules ?? null;
    },
    list() {
      return callFunction<Room[]>(sql, "list_rooms_v1", { first, now: actTime() }, {
        repeatable: true,
      });
    },
    async find(room) {
      return (await ask(FIND, room))?.room ?? null;
    },
    create(room, settings, draw, act) {
      return callAct<ChangedRoom, FailureOf<"ROOM_EXISTS" | "VALIDATION_FAILED">>(
        sql,
        "create_room_v1",
        { room, settings, first, draw, act, now: actTime() },
      );
    },
    change(room, changes, draw, act) {
      return callAct<ChangedRoom, FailureOf<"ROOM_NOT_FOUND" | "VALIDATION_FAILED">>(
        sql,
        "change_room_v1",
        { room, changes, first, draw, act, clock: THE_CLOCK, now: actTime() },
        { repeatable: true },
      );
    },
    settle(room) {
      return ask(SETTLE, room);
    },
    async record(entry) {
      await callFunction(sql, "record_audit_v1", { entry, now: actTime() });
    },
    async auditLog(room, page) {
      const found = await queryPage<AuditEntry>(sql, AUDIT_LOG, room ?? "", page);
      return found ?? { items: [], next: null };
    },
    stock(room) {
      return queryJson<Stock>(sql, STOCK, [room, actTime()]);
    },
  };
}
