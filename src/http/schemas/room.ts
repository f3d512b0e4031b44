import { z } from "@hono/zod-openapi";
import { isRoomId, MAIN_ROOM, type RoomId } from "../../domain/ids.ts";
import { MAX_CAPACITY, MAX_DURATION_SECONDS } from "../../domain/limits.ts";
import { ROOM_STATE_POLICIES, ROOM_STATES, type RoomSettings } from "../../domain/room.ts";
import type { Room } from "../../ports/rooms.ts";
import { countSchema, orNull, text, timeInput, timeSchema } from "./common.ts";

const roomIdMessage = "must be 1 to 32 small letters, digits or hyphens, such as main";
export const roomIdSchema = z.custom<RoomId>(isRoomId, roomIdMessage).openapi({
  type: "string",
  pattern: "^[a-z0-9](?:[a-z0-9-]{0,30}[a-z0-9])?$",
  example: "main",
});
export const nullableRoomSchema = roomIdSchema.nullable().openapi({ type: ["string", "null"] });
export const roomStateSchema = z.enum(ROOM_STATES, `must be one of ${ROOM_STATES.join(", ")}`)
  .openapi("RoomState");
export const roomInPath = roomIdSchema.openapi({ param: { name: "room", in: "path" } });
export const roomQuery = z.object({ room: roomIdSchema.default(MAIN_ROOM) });

const whole = (max: number) => {
  const message = `must be a whole number from 1 to ${max}`;
  return z.int(message).min(1, message).max(max, message);
};
const reason = text(1, 500).nullable().default(null)
  .openapi({ description: "Why, for the audit log." });

/** The states in which a room opens by itself, for texts. */
export const OPENING_STATES = ROOM_STATES
  .filter((state) => ROOM_STATE_POLICIES[state].opensByItself).join(" or ");

/** The settings in a request; durations are in seconds. */
const settingsInput = {
  state: roomStateSchema,
  opensAt: timeInput.nullable().openapi({
    description: `When a ${OPENING_STATES} room opens by itself: a time in the future; null: an ` +
      "operator opens it. In a room of another state only null is possible.",
  }),
  capacity: whole(MAX_CAPACITY),
  admissionsPerMinute: whole(MAX_CAPACITY).nullable().openapi({
    description: "The limit of admissions in any minute; null: no limit beside the capacity.",
  }),
  admissionTtlSeconds: whole(MAX_DURATION_SECONDS),
  holdTtlSeconds: whole(MAX_DURATION_SECONDS),
  pollMinSeconds: whole(MAX_DURATION_SECONDS),
  pollMaxSeconds: whole(MAX_DURATION_SECONDS),
  challengeAtJoin: z.boolean("must be true or false"),
};
const settingsShape = z.strictObject(settingsInput).partial();

export const newRoomBody = settingsShape.extend({ room: roomIdSchema, reason })
  .openapi("NewRoom");
export const roomChangesBody = settingsShape
  .extend({
    endLobby: z.boolean("must be true or false").default(false).openapi({
      description: "Whether the change may draw all fans who gathered. Without it such a change " +
        "is refused.",
    }),
    reason,
  })
  .refine(
    ({ endLobby: _, reason: __, ...changes }) =>
      Object.values(changes).some((value) => value !== undefined),
    "must change something",
  ).openapi("RoomChanges", { minProperties: 1 });

type SettingsInput = z.output<typeof settingsShape>;

/** The settings that the request names. */
export function settingsOf(input: SettingsInput): Partial<RoomSettings> {
  const ms = (seconds: number | undefined) => seconds === undefined ? undefined : seconds * 1000;
  const { opensAt } = input;
  const named = {
    state: input.state,
    opensAtMs: opensAt === undefined || opensAt === null ? opensAt : Date.parse(opensAt),
    capacity: input.capacity,
    admissionsPerMinute: input.admissionsPerMinute,
    admissionTtlMs: ms(input.admissionTtlSeconds),
    holdTtlMs: ms(input.holdTtlSeconds),
    pollMinSeconds: input.pollMinSeconds,
    pollMaxSeconds: input.pollMaxSeconds,
    challengeAtJoin: input.challengeAtJoin,
  };
  return Object.fromEntries(Object.entries(named).filter(([, value]) => value !== undefined));
}

const drawSchema = z.object({
  drawId: z.string(),
  commitment: z.string().openapi({ description: "SHA-256 of the seed's text, in hex." }),
  seed: z.string().nullable().openapi({ description: "Null until the draw was held." }),
  openedAt: timeSchema.nullable(),
}).openapi("Draw");

const DRAW_EXAMPLE = {
  drawId: "5f0c2c4e-52a7-4f0e-9a51-0d6c2f4f7a10",
  commitment: "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
  seed: null,
  openedAt: null,
};

const durationSchema = z.int().min(1).max(MAX_DURATION_SECONDS);

/** The key with which a page asks for the challenge. */
export const siteKeySchema = z.string();

const roomSchema = z.object({
  room: roomIdSchema,
  state: roomStateSchema,
  opensAt: timeSchema.nullable(),
  draw: orNull(drawSchema),
});

/** The public view of a room. */
export const publicRoomSchema = roomSchema.extend({
  challenge: z.object({ siteKey: siteKeySchema }).openapi("Challenge").optional().openapi({
    description: "Only of a room that gives a new place to those who passed a challenge.",
  }),
}).openapi("Room");

export const publicRoomExample = {
  room: "main" as RoomId,
  state: "LOBBY" as const,
  opensAt: "2026-12-01T10:00:00.000Z",
  draw: DRAW_EXAMPLE,
};

const instant = (ms: number | null) => ms === null ? null : new Date(ms).toISOString();

/** What everybody may know, and operators too. */
export function roomBody({ room, settings, draw }: Room) {
  return { room, state: settings.state, opensAt: instant(settings.opensAtMs), draw };
}

/** `siteKey` is that of the challenge, if one is set up. */
export function publicRoomBody(room: Room, siteKey: string | null) {
  const asks = room.settings.challengeAtJoin && siteKey !== null;
  return { ...roomBody(room), ...(asks ? { challenge: { siteKey } } : {}) };
}

/** The operator's view of a room. */
export const operatorRoomSchema = roomSchema.extend({
  capacity: z.int().min(1).max(MAX_CAPACITY),
  admissionsPerMinute: z.int().min(1).max(MAX_CAPACITY).nullable(),
  admissionTtlSeconds: durationSchema,
  holdTtlSeconds: durationSchema,
  pollMinSeconds: durationSchema,
  pollMaxSeconds: durationSchema,
  challengeAtJoin: z.boolean(),
  version: z.int().min(1).openapi({ description: "It grows with each change." }),
  followedVersion: z.int().min(0).nullable().openapi({
    description: "The version that the line follows; null: it follows none yet. It differs from " +
      "`version` after a lost change or a restored database. Any PATCH mends that.",
  }),
  changedAt: timeSchema,
  gathered: countSchema.openapi({ description: "Fans who gathered and are not drawn yet." }),
  waiting: countSchema,
  admitted: countSchema,
  parked: countSchema,
  admittedLastMinute: countSchema,
}).openapi("OperatorRoom");

export const operatorRoomExample = {
  ...publicRoomExample,
  capacity: 1000,
  admissionsPerMinute: 600,
  admissionTtlSeconds: 900,
  holdTtlSeconds: 300,
  pollMinSeconds: 2,
  pollMaxSeconds: 60,
  challengeAtJoin: false,
  version: 3,
  followedVersion: 3,
  changedAt: "2026-12-01T09:00:00.000Z",
  gathered: 4211,
  waiting: 0,
  admitted: 0,
  parked: 0,
  admittedLastMinute: 0,
};
