import type { RoomId } from "../../../src/domain/ids.ts";
import type { RoomSettings } from "../../../src/domain/room.ts";
import type { ChangedRoom, ChangeOptions } from "../../../src/ports/rooms.ts";
import { ALEX, type BoxOffice, newDraw } from "../box_office/office.ts";

/** Changes a room as `ALEX` does, with a draw that nobody has seen. */
export function changing({ rooms }: Pick<BoxOffice, "rooms">, room: RoomId) {
  return (changes: Partial<RoomSettings>, draw = newDraw(), options: ChangeOptions = {}) =>
    rooms.change(room, changes, draw, ALEX, options);
}

export async function read({ rooms }: BoxOffice, room: RoomId): Promise<ChangedRoom> {
  const [found, { rules }] = [await rooms.find(room), await rooms.rules(room)];
  if (!found || !rules) throw new Error(`there is no room ${room}`);
  return { room: found, rules };
}

/** More rooms than any test makes. */
export const ALL_ROOMS = { after: null, limit: 1_000_000 } as const;
