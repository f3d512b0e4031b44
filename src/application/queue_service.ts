import type { FailureOf } from "../domain/failures.ts";
import type { FanId, RoomId } from "../domain/ids.ts";
import type { LineAnswer, PlaceRef, Standing } from "../domain/queue.ts";
import { ok, refused, type Result } from "../domain/result.ts";
import type { LineCounts, QueueStore } from "../ports/queue_store.ts";
import type { RateLimiter } from "../ports/rate_limiter.ts";
import type { TellLine } from "./admission.ts";
import type { Call } from "./request_context.ts";
import type { Restock } from "./stock_recount.ts";

/** How soon a fan who joined too often may try again. */
const RATE_LIMIT_RETRY_SECONDS = 10;

export interface LineParts {
  readonly queue: QueueStore;
  readonly tell: TellLine;
  readonly allowJoin: RateLimiter;
  readonly restock: Restock;
}

export interface JoinedLine {
  readonly created: boolean;
  readonly place: PlaceRef;
  readonly line: LineAnswer;
}

/** What a fan does with the line: join it, ask where they stand, leave it, look at its length. */
export function line({ queue, tell, allowJoin, restock }: LineParts) {
  function answer(call: Call, place: PlaceRef, standing: Standing): LineAnswer {
    if (standing.state === "WAITING" && standing.countStock) {
      call.afterAnswer(() => restock.unlessJustDone(place.room));
    }
    return tell(place, standing);
  }
  return {
    /** `earlier` is the verified queue token that came with the request, if any. */
    async join(
      call: Call,
      room: RoomId,
      fan: FanId,
      earlier: PlaceRef | null,
    ): Promise<Result<JoinedLine, FailureOf<"RATE_LIMITED" | "ROOM_NOT_FOUND" | "LINE_CLOSED">>> {
      if (!await allowJoin(fan)) {
        return refused({ kind: "RATE_LIMITED", retryAfterSeconds: RATE_LIMIT_RETRY_SECONDS });
      }
      const joined = await queue.join(room, fan, earlier?.room === room ? earlier : null);
      if (joined.refused === "NO_RULES") return refused({ kind: "ROOM_NOT_FOUND" });
      if (joined.refused === "CLOSED") {
        const { state, opensAtMs } = joined;
        const opensAt = opensAtMs === null ? null : new Date(opensAtMs).toISOString();
        return refused({ kind: "LINE_CLOSED", state, opensAt });
      }
      const { created, place, standing } = joined;
      return ok({ created, place, line: answer(call, place, standing) });
    },
    async status(call: Call, place: PlaceRef): Promise<LineAnswer> {
      return answer(call, place, await queue.status(place));
    },
    async leave(place: PlaceRef): Promise<LineAnswer> {
      return tell(place, await queue.leave(place));
    },
    /** Null if there is no such room. */
    counts(room: RoomId): Promise<LineCounts | null> {
      return queue.counts(room);
    },
  };
}
