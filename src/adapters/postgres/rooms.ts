import type { FailureOf } from "../../domain/failures.ts";
import type { RoomId } from "../../domain/ids.ts";
import type { RoomSettings, Stock } from "../../domain/room.ts";
import {
  type AuditEntry,
  type ChangedRoom,
  type Room,
  type Rooms,
  type RoomSettingsRefusal,
  THE_CLOCK,
} from "../../ports/rooms.ts";
import { queryPage } from "./page.ts";
import { type ActTime, callAct, callFunction, databaseTime, queryJson, type Sql } from "./sql.ts";

const FIND = `select find_room($1::text::jsonb)::text as result`;
const SETTLE = `select settle_room($1::text::jsonb)::text as result`;
const STOCK = `select count_stock($1::text, act_time($2::text::timestamptz))::text as result`;

// '' stands for all rooms. The statement is planned with its parameters, so that one half of the
// condition is dropped from the plan.
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
        'entryId', entry_id, 'at', rfc3339(at), 'operator', operator, 'action', action,
        'room', room_id, 'subject', subject, 'old', old, 'new', new, 'reason', reason)
      order by page.at desc, entry_id desc),
    'marks', json_agg(json_build_object('atMs', epoch_ms(at), 'sequence', entry_id)
      order by page.at desc, entry_id desc))::text as result
  from page`;

export interface PostgresRoomsParts {
  readonly sql: Sql;
  readonly actTime?: ActTime;
  /** Of the room `main` until an operator changes it, and of what a new room does not name. */
  readonly defaultSettings: RoomSettings;
}

/** The rooms and the audit log in PostgreSQL. Every act is one database function. */
export function postgresRooms(
  { sql, actTime = databaseTime, defaultSettings }: PostgresRoomsParts,
): Rooms {
  // The first call for `main` inserts it, so every call brings the settings that it begins with.
  function ask(text: string, room: RoomId): Promise<ChangedRoom | null> {
    const input = { room, defaultSettings, clock: THE_CLOCK, now: actTime() };
    return queryJson(sql, text, [JSON.stringify(input)]);
  }

  return {
    async rules(room) {
      return (await ask(FIND, room))?.rules ?? null;
    },
    list() {
      return callFunction<Room[]>(sql, "list_rooms", { defaultSettings, now: actTime() }, {
        repeatable: true,
      });
    },
    async find(room) {
      return (await ask(FIND, room))?.room ?? null;
    },
    create(room, settings, draw, act) {
      return callAct<ChangedRoom, FailureOf<"ROOM_EXISTS"> | RoomSettingsRefusal>(
        sql,
        "create_room",
        { room, settings, defaultSettings, draw, act, now: actTime() },
      );
    },
    change(room, changes, draw, act) {
      return callAct<ChangedRoom, FailureOf<"ROOM_NOT_FOUND"> | RoomSettingsRefusal>(
        sql,
        "change_room",
        { room, changes, defaultSettings, draw, act, clock: THE_CLOCK, now: actTime() },
        { repeatable: true },
      );
    },
    settle(room) {
      return ask(SETTLE, room);
    },
    async record(entry) {
      await callFunction(sql, "record_audit_entry", { entry, defaultSettings, now: actTime() });
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
