import { CLOCK_OPERATOR } from "../../domain/audit.ts";
import type { FailureOf } from "../../domain/failures.ts";
import type { RoomId } from "../../domain/ids.ts";
import type { RoomSettings } from "../../domain/room.ts";
import type { ChangedRoom, Room, Rooms, RoomSettingsRefusal } from "../../ports/rooms.ts";
import { type ActTime, callAct, callFunction, databaseTime, queryJson, type Sql } from "./sql.ts";

const FIND = `select find_room($1::text::jsonb)::text as result`;
const RECORD_OPENING = `select record_opening($1::text::jsonb)::text as result`;

export interface PostgresRoomsOptions {
  readonly sql: Sql;
  readonly actTime?: ActTime;
  /** The settings of `main` when it is created, and of new rooms that name no others. */
  readonly defaultSettings: RoomSettings;
}

/** The rooms in PostgreSQL: one database function for each act. */
export function postgresRooms(
  { sql, actTime = databaseTime, defaultSettings }: PostgresRoomsOptions,
): Rooms {
  // The first call that names `main` creates it with these settings.
  function ask(text: string, room: RoomId): Promise<ChangedRoom | null> {
    const input = { room, defaultSettings, clockOperator: CLOCK_OPERATOR, now: actTime() };
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
        {
          room,
          changes,
          defaultSettings,
          draw,
          act,
          clockOperator: CLOCK_OPERATOR,
          now: actTime(),
        },
        { repeatable: true },
      );
    },
    recordOpening(room) {
      return ask(RECORD_OPENING, room);
    },
  };
}
