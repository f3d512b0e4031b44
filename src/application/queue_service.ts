import type { DrawValue } from "../domain/draw.ts";
import { DependencyError, type FailureOf } from "../domain/failures.ts";
import { type Front, standing } from "../domain/front.ts";
import type { FanId, RoomId } from "../domain/ids.ts";
import type { LineStatus } from "../domain/line_status.ts";
import type { QueueToken, Standing } from "../domain/queue.ts";
import { tokenOf } from "../domain/queue_token.ts";
import { ok, refused, type Result } from "../domain/result.ts";
import type { Challenge, ChallengedJoin } from "../ports/challenge.ts";
import type { Clock, Random } from "../ports/clock.ts";
import type { QueueCounts, QueueStore } from "../ports/queue_store.ts";
import type { RateLimiter } from "../ports/rate_limiter.ts";
import type { Report } from "../ports/report.ts";
import type { DescribeLine } from "./admission.ts";
import type { Fronts } from "./fronts.ts";
import type { KnownRooms } from "./known_rooms.ts";
import type { RequestContext } from "./request_context.ts";
import type { StockRecount } from "./stock_recount.ts";

export interface QueueServiceDependencies {
  readonly queue: Pick<QueueStore, "join" | "status" | "leave" | "counts">;
  readonly knownRooms: KnownRooms;
  readonly fronts: Fronts;
  readonly drawValue: DrawValue;
  readonly describeLine: DescribeLine;
  /** By fan: mobile networks share addresses. */
  readonly limitJoins: RateLimiter;
  /** Null where no challenge is set up. */
  readonly challenge: Challenge | null;
  readonly stockRecount: StockRecount;
  readonly waitingTtlMs: number;
  readonly clock: Clock;
  readonly random: Random;
  readonly report: Report;
}

export interface JoinedQueue {
  readonly created: boolean;
  readonly token: QueueToken;
  readonly line: LineStatus;
}

/** What may come with a join. */
export interface BroughtTokens {
  /** A verified queue token of the fan. */
  readonly earlier?: QueueToken | null;
  /** The token of a challenge, which is not verified yet. */
  readonly challengeToken?: string | undefined;
}

export type JoinFailure = FailureOf<
  "RATE_LIMITED" | "ROOM_NOT_FOUND" | "LINE_CLOSED" | "CHALLENGE_REQUIRED" | "CHALLENGE_FAILED"
>;

export interface QueueService {
  /** A fan with a place gets it again, whatever became of the challenge. */
  join(
    context: RequestContext,
    room: RoomId,
    fan: FanId,
    brought?: BroughtTokens,
  ): Promise<Result<JoinedQueue, JoinFailure>>;
  /**
   * Far fans are answered from a document about the front of the line, all others by the queue.
   * While the queue does not answer, answers to far fans have no position, and near ones get a failure.
   */
  status(context: RequestContext, token: QueueToken): Promise<LineStatus>;
  leave(token: QueueToken): Promise<LineStatus>;
  /** Null if there is no such room. */
  counts(room: RoomId): Promise<QueueCounts | null>;
  /** The same for a caller without a credential: a name of no room costs no call of its own. */
  publicCounts(context: RequestContext, room: RoomId): Promise<QueueCounts | null>;
}

export function createQueueService(dependencies: QueueServiceDependencies): QueueService {
  const { queue, knownRooms, fronts, drawValue, describeLine, limitJoins, challenge } =
    dependencies;
  const { stockRecount, waitingTtlMs, clock, random, report } = dependencies;

  function describe(context: RequestContext, token: QueueToken, standing: Standing): LineStatus {
    if (standing.state === "WAITING" && standing.countStock) {
      context.afterAnswer(() => stockRecount.recountUnlessRecent(token.room));
    }
    return describeLine(token, standing);
  }

  function farStanding(token: QueueToken, front: Front, isOutage: boolean) {
    const context = { nowMs: clock(), waitingTtlMs, random: random(), isOutage, drawValue };
    return standing(token, front, context);
  }

  async function standingOf(context: RequestContext, token: QueueToken): Promise<Standing> {
    const present = token.isNear ? null : await fronts.present(context, token.room);
    if (!present) return await queue.status(token);
    const far = farStanding(token, present.front, present.isOutage);
    if (far !== "ASK_QUEUE") return far;
    try {
      return await queue.status(token);
    } catch (error) {
      if (!(error instanceof DependencyError)) throw error;
      // Only a proof was due: the document is good enough until the queue answers again.
      const unproven = farStanding(token, present.front, true);
      if (unproven === "ASK_QUEUE") throw error;
      report({ what: "dependency_failed", error });
      return unproven;
    }
  }

  /** Why the room asks for a challenge although the fan sent what they sent. */
  function refuseUnchallenged(verdict: Verdict): Result<never, JoinFailure> {
    if (verdict instanceof DependencyError) throw verdict;
    if (!challenge) throw new DependencyError("turnstile", new Error("no TURNSTILE_SECRET is set"));
    const { siteKey } = challenge;
    return verdict === "NONE"
      ? refused({ kind: "CHALLENGE_REQUIRED", siteKey })
      : refused({ kind: "CHALLENGE_FAILED", siteKey });
  }

  return {
    async join(context, room, fan, { earlier = null, challengeToken } = {}) {
      const retryAfterSeconds = await limitJoins(fan);
      if (retryAfterSeconds !== null) {
        return refused({ kind: "RATE_LIMITED", of: "JOINS", retryAfterSeconds });
      }
      // The store alone knows whether the room asks for a challenge, and whether the fan has a place.
      const verdict = await verdictOn(challenge, challengeToken, { room, fan });
      const hasPassedChallenge = verdict === "PASSED";
      const own = earlier?.room === room ? earlier : null;
      const joined = await queue.join(room, fan, own, { hasPassedChallenge });
      if (joined.refused === "CHALLENGE") return refuseUnchallenged(verdict);
      // The fan needed no verdict.
      if (verdict instanceof DependencyError) report({ what: "dependency_failed", error: verdict });
      if (joined.refused === "CLOSED") {
        const { state, opensAtMs } = joined;
        const opensAt = opensAtMs === null ? null : new Date(opensAtMs).toISOString();
        return refused({ kind: "LINE_CLOSED", state, opensAt });
      }
      if (joined.refused) return refused({ kind: "ROOM_NOT_FOUND" });
      const { created, place, standing } = joined;
      const token = tokenOf(place, standing, clock());
      return ok({ created, token, line: describe(context, token, standing) });
    },
    async status(context, token) {
      return describe(context, token, await standingOf(context, token));
    },
    async leave(token) {
      return describeLine(token, await queue.leave(token));
    },
    counts: (room) => queue.counts(room),
    async publicCounts(context, room) {
      return await knownRooms.has(context, room) ? await queue.counts(room) : null;
    },
  };
}

/** NONE: nothing was sent that could be verified. An error: the verifier gave no verdict. */
type Verdict = "NONE" | "PASSED" | "FAILED" | DependencyError;

async function verdictOn(
  challenge: Challenge | null,
  token: string | undefined,
  join: ChallengedJoin,
): Promise<Verdict> {
  if (!challenge || token === undefined) return "NONE";
  try {
    return await challenge.hasPassed(token, join) ? "PASSED" : "FAILED";
  } catch (error) {
    if (!(error instanceof DependencyError)) throw error;
    return error;
  }
}
