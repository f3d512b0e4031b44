import type { OperatorRoom, RoomSettings } from "../api/answers.ts";
import { type Answer, describeAnswer } from "../api/call.ts";
import type { HttpClient } from "../api/http_client.ts";

const MAIN_ROOM = "main";

export interface RushRoomOptions {
  readonly room: string;
  /** Time from the creation of the room to its opening. 0: the room is open at once. */
  readonly lobbySeconds: number;
  /** 0: the rate of the room main. */
  readonly perMinute: number;
}

function bodyOf<Body>(answer: Answer<Body>, failure: string): Body {
  if (answer.ok) return answer.body;
  throw new Error(
    answer.status === 401
      ? "the server does not accept ADMIN_TOKEN"
      : `${failure}: ${describeAnswer(answer)}`,
  );
}

/** Throws when the room cannot be read. */
export async function readRoom(
  client: HttpClient,
  operatorToken: string,
  room: string,
): Promise<OperatorRoom> {
  const answer = await client.send<OperatorRoom>({
    name: "operator: room",
    method: "GET",
    path: `/v1/admin/rooms/${room}`,
    bearer: operatorToken,
  });
  return bodyOf(answer, `the room ${room} could not be read`);
}

/**
 * Creates a room of its own for the rush, so that other sales on the server are not affected. It
 * copies the settings of the room main.
 */
export async function createRushRoom(
  client: HttpClient,
  operatorToken: string,
  { room, lobbySeconds, perMinute }: RushRoomOptions,
  nowMs: number,
): Promise<OperatorRoom> {
  const main = await readRoom(client, operatorToken, MAIN_ROOM);
  const settings: RoomSettings = {
    capacity: main.capacity,
    admissionsPerMinute: perMinute || main.admissionsPerMinute,
    admissionTtlSeconds: main.admissionTtlSeconds,
    holdTtlSeconds: main.holdTtlSeconds,
    pollMinSeconds: main.pollMinSeconds,
    pollMaxSeconds: main.pollMaxSeconds,
  };
  const opening = lobbySeconds > 0
    ? {
      state: "LOBBY",
      opensAt: new Date(nowMs + lobbySeconds * 1000).toISOString(),
    }
    : { state: "OPEN", opensAt: null };
  const answer = await client.send<OperatorRoom>({
    name: "operator: room",
    method: "POST",
    path: "/v1/admin/rooms",
    bearer: operatorToken,
    json: { room, ...opening, ...settings, reason: "a rush" },
  });
  return bodyOf(answer, `the room ${room} could not be created`);
}

/** A new room has version 1, and its opening by the clock makes version 2. */
export function wasChanged({ version }: OperatorRoom, hasLobby: boolean): boolean {
  return version > (hasLobby ? 2 : 1);
}
