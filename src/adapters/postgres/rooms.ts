import { CLOCK_OPERATOR } from "../../domain/audit.ts";
import type { FailureOf } from "../../domain/failures.ts";
import type { RoomId } from "../../domain/ids.ts";
import type { RoomSettings } from "../../domain/room.ts";
import type { ChangedRoom, Room, Rooms } from "../../ports/rooms.ts";
import { type ActTime, callAct, callFunction, databaseTime, queryJson, type Sql } from "./sql.ts";

const FIND = `select find_room_v1($1::text::jsonb)::text as result`;
const SETTLE = `select settle_room_v1($1::text::jsonb)::text as result`;

export interface PostgresRoomsOptions {
  readonly sql: Sql;
  readonly actTime?: ActTime;
  /** The settings of `main` when it is created, and of new rooms that name no others. */
  readonly first: RoomSettings;
}

/** The rooms in PostgreSQL: one database function for each act. */
export function postgresRooms(
  { sql, actTime = databaseTime, first }: PostgresRoomsOptions,
): Rooms {
  // The first call that names `main` creates it with these settings.
  function ask(text: string, room: RoomId): Promise<ChangedRoom | null> {
    const input = { room, first, clock: CLOCK_OPERATOR, now: actTime() };
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
        { room, changes, first, draw, act, clock: CLOCK_OPERATOR, now: actTime() },
        { repeatable: true },
      );
    },
    recordOpening(room) {
      return ask(SETTLE, room);
    },
  };
}
