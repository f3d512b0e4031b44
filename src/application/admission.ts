import type { FailureOf } from "../domain/failures.ts";
import { type LineStatus, lineStatus } from "../domain/line_status.ts";
import type { PlaceRef, Standing } from "../domain/queue.ts";
import { ok, refused, type Result } from "../domain/result.ts";
import type { Clock, Random } from "../ports/clock.ts";

export type NotAdmitted = FailureOf<"NOT_ADMITTED">;

/** When a fan without a live place may ask again. */
const RETRY_SECONDS = 2;

/** Turns the standing of a place into the status that the fan gets. */
export type DescribeLine = (place: PlaceRef, standing: Standing) => LineStatus;

export function createDescribeLine(
  { waitingTtlMs, clock, random }: { waitingTtlMs: number; clock: Clock; random: Random },
): DescribeLine {
  return ({ order }, standing) =>
    lineStatus(order, standing, { waitingTtlMs, nowMs: clock(), random: random() });
}

export type Admitted = Standing & { readonly state: "ADMITTED" };

/** Turns a standing into the admission, or into the refusal with the fan's status. */
export type RequireAdmission = (
  place: PlaceRef,
  standing: Standing,
) => Result<Admitted, NotAdmitted>;

export function createRequireAdmission(describeLine: DescribeLine): RequireAdmission {
  return (place, standing) => {
    if (standing.state === "ADMITTED") return ok(standing);
    const line = describeLine(place, standing);
    const retryAfterSeconds = "pollAfterSeconds" in line ? line.pollAfterSeconds : RETRY_SECONDS;
    return refused({ kind: "NOT_ADMITTED", line, retryAfterSeconds });
  };
}
