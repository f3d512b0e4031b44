import type { OperatorRoom, RoomSettings } from "./answers.ts";
import type { Answer, Wire } from "./wire.ts";

const MAIN_ROOM = "main";

export interface RoomWishes {
  readonly room: string;
  /** How long it gathers fans before it opens; 0: it is open at once. */
  readonly lobbySeconds: number;
  /** 0: as many as in the room main. */
  readonly perMinute: number;
}

function bodyOf<Body>(answer: Answer<Body> | null, what: string): Body {
  if (answer?.ok) return answer.body;
  throw new Error(
    answer?.problem.code === "UNAUTHENTICATED"
      ? "the server does not take ADMIN_TOKEN"
      : `${what}: ${answer?.problem.code ?? "no answer"}`,
  );
}

/** A room as its operator sees it. */
export async function readRoom(
  wire: Wire,
  operatorToken: string,
  room: string,
): Promise<OperatorRoom> {
  const answer = await wire.ask<OperatorRoom>({
    name: "operator: room",
    method: "GET",
    path: `/v1/admin/rooms/${room}`,
    bearer: operatorToken,
  });
  return bodyOf(answer, `the room ${room} could not be read`);
}

/** Makes a room with the settings of the room main, so that no other sale notices the crowd. */
export async function openRoom(
  wire: Wire,
  operatorToken: string,
  { room, lobbySeconds, perMinute }: RoomWishes,
  nowMs: number,
): Promise<OperatorRoom> {
  const main = await readRoom(wire, operatorToken, MAIN_ROOM);
  const settings: RoomSettings = {
    capacity: main.capacity,
    admissionsPerMinute: perMinute || main.admissionsPerMinute,
    admissionTtlSeconds: main.admissionTtlSeconds,
    holdTtlSeconds: main.holdTtlSeconds,
    pollMinSeconds: main.pollMinSeconds,
    pollMaxSeconds: main.pollMaxSeconds,
  };
  const opening = lobbySeconds > 0
    ? { state: "LOBBY", opensAt: new Date(nowMs + lobbySeconds * 1000).toISOString() }
    : { state: "OPEN", opensAt: null };
  const answer = await wire.ask<OperatorRoom>({
    name: "operator: room",
    method: "POST",
    path: "/v1/admin/rooms",
    bearer: operatorToken,
    json: { room, ...opening, ...settings, reason: "a rush" },
  });
  return bodyOf(answer, "no room could be made");
}

/** Every room begins with the first version, and an opening by the clock is the second. */
export function wasChanged({ version }: OperatorRoom, hasLobby: boolean): boolean {
  return version > (hasLobby ? 2 : 1);
}
