import { timeSchema } from "../schemas/common.ts";
import { lineSchema } from "../schemas/line.ts";
import { roomIdSchema, roomStateSchema, siteKeySchema } from "../schemas/room.ts";
import { challenge, type ProblemDefinitions, retryAfter } from "./problem_definition.ts";

/** The failures of places in line, and of rooms. */
export const LINE_PROBLEMS = {
  QUEUE_TOKEN_REQUIRED: {
    status: 401,
    title: "Queue token required",
    detail: () => "The Queue-Token header is missing. POST /v1/queue/tokens answers a token.",
    headers: challenge("Queue-Token"),
  },
  QUEUE_TOKEN_INVALID: {
    status: 401,
    title: "Queue token invalid",
    detail: () => "The Queue-Token header is not a token that this service signed.",
    headers: challenge("Queue-Token"),
  },
  QUEUE_TOKEN_MISMATCH: {
    status: 403,
    title: "Queue token of another fan",
    detail: () => "The queue token and the bearer token belong to different fans.",
  },
  NOT_ADMITTED: {
    status: 403,
    title: "Not admitted",
    detail: ({ line: { pollAfterSeconds } }) =>
      pollAfterSeconds === null
        ? "Your place in line has ended. Join the line again."
        : `It is not your turn yet. Poll your place again in ${pollAfterSeconds} s.`,
    members: { line: lineSchema },
    headers: ({ line: { pollAfterSeconds } }) =>
      pollAfterSeconds === null ? {} : retryAfter({ retryAfterSeconds: pollAfterSeconds }),
  },
  ROOM_NOT_FOUND: {
    status: 404,
    title: "Room not found",
    detail: () => "There is no such room.",
  },
  ROOM_EXISTS: {
    status: 409,
    title: "Room exists",
    detail: () => "A room of this name exists. Change it with PATCH, or choose another name.",
  },
  ROOM_IN_USE: {
    status: 409,
    title: "Room in use",
    detail: () =>
      "The room has concerts that are or will be on sale, or fans in its line, or it is main. " +
      "Nothing was changed.",
  },
  LOBBY_WOULD_END: {
    status: 409,
    title: "Lobby would end",
    detail: ({ state, opensAt }) =>
      (opensAt === null
        ? `A change to ${state} ends the lobby: all fans who gathered would be drawn now.`
        : `The opening at ${opensAt} is so near that the line may have drawn all who gathered. ` +
          "This change would end their lobby.") +
      " Nothing was changed. Send endLobby: true to do it.",
    values: () => ({}),
  },
  PLACE_NOT_FOUND: {
    status: 404,
    title: "Place not found",
    detail: () => "The fan has no place in this room.",
  },
  LINE_CLOSED: {
    status: 409,
    title: "Line closed",
    detail: ({ opensAt }) =>
      opensAt === null ? "Nobody may join this line now." : `This line opens at ${opensAt}.`,
    members: { state: roomStateSchema, opensAt: timeSchema.nullable() },
  },
  CHALLENGE_REQUIRED: {
    status: 403,
    title: "Challenge required",
    detail: () => "This line asks for a challenge. Pass it, and send its token as challengeToken.",
    members: { siteKey: siteKeySchema },
  },
  CHALLENGE_FAILED: {
    status: 403,
    title: "Challenge failed",
    detail: () =>
      "The challenge was not passed, or its token is too old, or was sent before. " +
      "Pass a new one, and send its token as challengeToken.",
    members: { siteKey: siteKeySchema },
  },
  WRONG_ROOM: {
    status: 403,
    title: "Wrong room",
    detail: ({ room }) =>
      `Only fans admitted to the room ${room} may buy this concert. Join its line.`,
    members: { room: roomIdSchema },
  },
} satisfies Partial<ProblemDefinitions>;
