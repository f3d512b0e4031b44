import type { FailureOf } from "../domain/failures.ts";
import { type FanId, MAIN_ROOM } from "../domain/ids.ts";
import {
  type LineAnswer,
  lineAnswer,
  type LineSettings,
  type PlaceRef,
  type Standing,
} from "../domain/line.ts";
import { ok, refused, type Result } from "../domain/result.ts";
import type { Random } from "../ports/clock.ts";
import type { LineCounts, QueueStore } from "../ports/queue_store.ts";
import type { RateLimiter } from "../ports/rate_limiter.ts";

/** How soon a fan who joined too often may try again. */
const RATE_LIMIT_RETRY_SECONDS = 10;

export interface LineParts {
  readonly queue: QueueStore;
  readonly settings: LineSettings;
  readonly random: Random;
  readonly allowJoin: RateLimiter;
}

export interface JoinedLine {
  readonly created: boolean;
  readonly place: PlaceRef;
  readonly line: LineAnswer;
}

/** What a fan does with the line: join it, ask where they stand, leave it, look at its length. */
export function line({ queue, settings, random, allowJoin }: LineParts) {
  function answer(place: PlaceRef, standing: Standing): LineAnswer {
    return lineAnswer(place.order, standing, settings, random());
  }
  return {
    /** `earlier` is the verified queue token that came with the request, if any. */
    async join(
      fan: FanId,
      earlier: PlaceRef | null,
    ): Promise<Result<JoinedLine, FailureOf<"RATE_LIMITED">>> {
      if (!await allowJoin(fan)) {
        return refused({ kind: "RATE_LIMITED", retryAfterSeconds: RATE_LIMIT_RETRY_SECONDS });
      }
      const { created, place, standing } = await queue.join(MAIN_ROOM, fan, earlier);
      return ok({ created, place, line: answer(place, standing) });
    },
    async status(place: PlaceRef): Promise<LineAnswer> {
      return answer(place, await queue.status(place));
    },
    async leave(place: PlaceRef): Promise<LineAnswer> {
      return answer(place, await queue.leave(place));
    },
    async counts(): Promise<LineCounts & { capacity: number }> {
      return { ...await queue.counts(MAIN_ROOM), capacity: settings.capacity };
    },
  };
}
