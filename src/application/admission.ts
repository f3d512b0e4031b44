import type { FailureOf } from "../domain/failures.ts";
import { type LineAnswer, lineAnswer, type PlaceRef, type Standing } from "../domain/queue.ts";
import { ok, refused, type Result } from "../domain/result.ts";
import type { Clock, Random } from "../ports/clock.ts";

export type NotAdmitted = FailureOf<"NOT_ADMITTED">;

/** How soon whoever has no place may come again. */
const RETRY_SECONDS = 2;

/** Tells a standing as the API does. */
export type TellLine = (place: PlaceRef, standing: Standing) => LineAnswer;

export function tellLine(
  { waitingTtlMs, clock, random }: { waitingTtlMs: number; clock: Clock; random: Random },
): TellLine {
  return ({ order }, standing) =>
    lineAnswer(order, standing, { waitingTtlMs, nowMs: clock(), random: random() });
}

export type Admitted = Standing & { readonly state: "ADMITTED" };

/** Turns a standing into permission to go on, or into the refusal that tells where the fan stands. */
export type RequireAdmission = (
  place: PlaceRef,
  standing: Standing,
) => Result<Admitted, NotAdmitted>;

export function requireAdmission(tell: TellLine): RequireAdmission {
  return (place, standing) => {
    if (standing.state === "ADMITTED") return ok(standing);
    const line = tell(place, standing);
    return refused({
      kind: "NOT_ADMITTED",
      line,
      retryAfterSeconds: line.pollAfterSeconds ?? RETRY_SECONDS,
    });
  };
}
