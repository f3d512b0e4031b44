import { CLOCK_OPERATOR } from "../../domain/audit.ts";
import type { FailureOf } from "../../domain/failures.ts";
import type { RoomId } from "../../domain/ids.ts";
import { OPENING_MARGIN_MS, type RoomSettings } from "../../domain/room.ts";
import { ok } from "../../domain/result.ts";
import type {
  ChangedRoom,
  CreatedRoom,
  CreateRoomFailure,
  Room,
  RoomLookup,
  Rooms,
  RoomSettingsRefusal,
  RoomVersion,
} from "../../ports/rooms.ts";
import { OPENED_SETTINGS, settingsInput } from "./room_settings.ts";
import {
  type ActTime,
  callAct,
  callFunction,
  callRecordedAct,
  databaseTime,
  queryJson,
  type Sql,
} from "./sql.ts";

const FIND = `select find_room($1::text::jsonb)::text as result`;
const NAMES = `select room_names()::text as result`;
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
  /** The first call that names `main` creates it with the default settings. */
  function input(act: object) {
    return {
      ...act,
      defaultSettings: settingsInput(defaultSettings),
      opened: OPENED_SETTINGS,
      clockOperator: CLOCK_OPERATOR,
      now: actTime(),
    };
  }
  function ask(text: string, room: RoomId): Promise<ChangedRoom | null> {
    return queryJson(sql, text, [JSON.stringify(input({ room }))]);
  }

  return {
    rules(room) {
      return callFunction<RoomLookup>(sql, "find_rules", input({ room }), { repeatable: true });
    },
    async names() {
      return await queryJson<RoomId[]>(sql, NAMES, []) ?? [];
    },
    async list({ after, limit }) {
      const page = input({ after, limit });
      return await callFunction<Room[]>(sql, "list_rooms", page, { repeatable: true });
    },
    async find(room) {
      return (await ask(FIND, room))?.room ?? null;
    },
    async create(room, settings, draw, act, { atLeast = 0, line = null, once = null } = {}) {
      const created = await callRecordedAct<null, CreateRoomFailure>(
        sql,
        "create_room",
        input({
          room,
          settings: settingsInput(settings),
          draw,
          act,
          atLeast,
          line,
          idempotency: once,
        }),
        { repeatable: once !== null },
      );
      if (!created.ok) return created;
      const { json, replayed } = created.value;
      return ok({ ...JSON.parse(json) as Omit<CreatedRoom, "replayed">, replayed });
    },
    change(room, changes, draw, act, { endLobby = false, atLeast = 0 } = {}) {
      return callAct<
        ChangedRoom,
        FailureOf<"ROOM_NOT_FOUND" | "LOBBY_WOULD_END"> | RoomSettingsRefusal
      >(
        sql,
        "change_room",
        input({
          room,
          changes: settingsInput(changes),
          draw,
          act,
          endLobby,
          atLeast,
          openingMarginMs: OPENING_MARGIN_MS,
        }),
        { repeatable: true },
      );
    },
    checkRemoval(room) {
      return callAct<RoomVersion, FailureOf<"ROOM_NOT_FOUND" | "ROOM_IN_USE">>(
        sql,
        "remove_room",
        { room, check: true, now: actTime() },
        { repeatable: true },
      );
    },
    remove(room, act, { atLeast }) {
      return callAct<RoomVersion, FailureOf<"ROOM_NOT_FOUND" | "ROOM_IN_USE">>(
        sql,
        "remove_room",
        { room, check: false, atLeast, act, now: actTime() },
      );
    },
    recordOpening(room) {
      return ask(RECORD_OPENING, room);
    },
  };
}
