import type { FailureOf } from "../domain/failures.ts";
import type { FanId, RoomId } from "../domain/ids.ts";
import type { LineStatus } from "../domain/line_status.ts";
import type { PlaceRef, Standing } from "../domain/queue.ts";
import { ok, refused, type Result } from "../domain/result.ts";
import type { QueueCounts, QueueStore } from "../ports/queue_store.ts";
import type { RateLimiter } from "../ports/rate_limiter.ts";
import type { DescribeLine } from "./admission.ts";
import type { RequestContext } from "./request_context.ts";
import type { StockRecount } from "./stock_recount.ts";

/** When a fan who joined too often may try again. */
const RATE_LIMIT_RETRY_SECONDS = 10;

export interface QueueServiceDependencies {
  readonly queue: QueueStore;
  readonly describeLine: DescribeLine;
  readonly allowJoin: RateLimiter;
  readonly stockRecount: StockRecount;
}

export interface JoinedQueue {
  readonly created: boolean;
  readonly place: PlaceRef;
  readonly line: LineStatus;
}

export interface QueueService {
  /** `earlier` is the verified queue token that came with the request, if any. */
  join(
    context: RequestContext,
    room: RoomId,
    fan: FanId,
    earlier: PlaceRef | null,
  ): Promise<Result<JoinedQueue, FailureOf<"RATE_LIMITED" | "ROOM_NOT_FOUND" | "LINE_CLOSED">>>;
  status(context: RequestContext, place: PlaceRef): Promise<LineStatus>;
  leave(place: PlaceRef): Promise<LineStatus>;
  /** Null if there is no such room. */
  counts(room: RoomId): Promise<QueueCounts | null>;
}

export function createQueueService(
  { queue, describeLine, allowJoin, stockRecount }: QueueServiceDependencies,
): QueueService {
  function describe(context: RequestContext, place: PlaceRef, standing: Standing): LineStatus {
    if (standing.state === "WAITING" && standing.countStock) {
      context.afterAnswer(() => stockRecount.recountUnlessRecent(place.room));
    }
    return describeLine(place, standing);
  }
  return {
    async join(context, room, fan, earlier) {
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
      return ok({ created, place, line: describe(context, place, standing) });
    },
    async status(context, place) {
      return describe(context, place, await queue.status(place));
    },
    async leave(place) {
      return describeLine(place, await queue.leave(place));
    },
    counts: (room) => queue.counts(room),
  };
}
