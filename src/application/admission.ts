import type { FailureOf } from "../domain/failures.ts";
import { type LineStatus, lineStatus } from "../domain/line_status.ts";
import type { QueueToken, Standing } from "../domain/queue.ts";
import { ok, refused, type Result } from "../domain/result.ts";
import type { Clock, Random } from "../ports/clock.ts";

export type NotAdmitted = FailureOf<"NOT_ADMITTED">;

/** Turns the standing of a token's place into the status that the fan gets. */
export type DescribeLine = (token: QueueToken, standing: Standing) => LineStatus;

export function createDescribeLine(
  { waitingTtlMs, clock, random }: { waitingTtlMs: number; clock: Clock; random: Random },
): DescribeLine {
  return (token, standing) =>
    lineStatus(token, standing, { waitingTtlMs, nowMs: clock(), random: random() });
}

export type Admitted = Standing & { readonly state: "ADMITTED" };

/** Turns a standing into the admission, or into the refusal with the fan's status. */
export type RequireAdmission = (
  token: QueueToken,
  standing: Standing,
) => Result<Admitted, NotAdmitted>;

export function createRequireAdmission(describeLine: DescribeLine): RequireAdmission {
  return (token, standing) =>
    standing.state === "ADMITTED"
      ? ok(standing)
      : refused({ kind: "NOT_ADMITTED", line: describeLine(token, standing) });
}
