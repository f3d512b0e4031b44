import type { RoomId } from "../domain/ids.ts";
import { lineHistory, type LineMoment } from "../domain/line_history.ts";
import type { QueueStore } from "../ports/queue_store.ts";
import type { Sales, SalesMinute } from "../ports/sales.ts";

export interface LastHour {
  readonly line: readonly LineMoment[];
  readonly sales: readonly SalesMinute[];
}

/** What happened in a room in the last hour. */
export interface RoomHistory {
  /** Null if there is no such room. */
  lastHour(room: RoomId): Promise<LastHour | null>;
}

export function createRoomHistory(
  { queue, sales }: {
    readonly queue: Pick<QueueStore, "history">;
    readonly sales: Pick<Sales, "lastHour">;
  },
): RoomHistory {
  return {
    async lastHour(room) {
      const samples = await queue.history(room);
      return samples && { line: lineHistory(samples), sales: await sales.lastHour(room) };
    },
  };
}
