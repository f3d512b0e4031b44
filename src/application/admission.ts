import type { FailureOf } from "../domain/failures.ts";
import { lineAnswer, type LineSettings, type PlaceRef, type Standing } from "../domain/line.ts";
import { ok, refused, type Result } from "../domain/result.ts";
import type { Random } from "../ports/clock.ts";

export type NotAdmitted = FailureOf<"NOT_ADMITTED">;

/** Turns a standing into permission to go on, or into the refusal that tells where the fan stands. */
export type RequireAdmission = (place: PlaceRef, standing: Standing) => Result<null, NotAdmitted>;

export function requireAdmission(
  { settings, random }: { settings: LineSettings; random: Random },
): RequireAdmission {
  return (place, standing) => {
    if (standing.state === "ADMITTED") return ok(null);
    const line = lineAnswer(place.order, standing, settings, random());
    const retryAfterSeconds = line.pollAfterSeconds ?? settings.pollMinSeconds;
    return refused({ kind: "NOT_ADMITTED", line, retryAfterSeconds });
  };
}
