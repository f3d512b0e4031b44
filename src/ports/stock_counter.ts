import type { RoomId } from "../domain/ids.ts";
import type { Stock } from "../domain/room.ts";

/** Counts the seats left in a room's concerts, in one statement. */
export interface StockCounter {
  /** Null when the room never had a concert. */
  count(room: RoomId): Promise<Stock | null>;
}
