import type { FailureOf, FieldError } from "../../domain/failures.ts";
import { OPENING_STATES } from "../schemas/room.ts";
import type { RoomSettingsFault, RoomSettingsRefusal } from "../../ports/rooms.ts";

/** The same failure as the API names it: settings that are not possible are VALIDATION_FAILED. */
export function roomFailure<Failure extends { readonly kind: string }>(
  failure: Failure | RoomSettingsRefusal,
): Exclude<Failure, RoomSettingsRefusal> | FailureOf<"VALIDATION_FAILED"> {
  return isSettingsRefusal(failure)
    ? { kind: "VALIDATION_FAILED", errors: failure.faults.map(fieldError) }
    : failure as Exclude<Failure, RoomSettingsRefusal>;
}

function isSettingsRefusal(failure: { readonly kind: string }): failure is RoomSettingsRefusal {
  return failure.kind === "ROOM_SETTINGS_INVALID";
}

function fieldError(fault: RoomSettingsFault): FieldError {
  switch (fault.code) {
    case "OPENS_AT_NOT_ALLOWED":
      return {
        path: "opensAt",
        message: `must be null in a room that is ${fault.state}: ` +
          `only a ${OPENING_STATES} one opens by itself`,
      };
    case "OPENS_AT_IN_PAST":
      return { path: "opensAt", message: `must be in the future, after ${fault.now}` };
    case "POLL_MAX_BELOW_MIN":
      return {
        path: "pollMaxSeconds",
        message: `must not be below pollMinSeconds (${fault.pollMinSeconds})`,
      };
    case "POLL_MIN_ABOVE_MAX":
      return {
        path: "pollMinSeconds",
        message: `must not be above pollMaxSeconds (${fault.pollMaxSeconds})`,
      };
    case "NO_CHALLENGE":
      return {
        path: "challengeAtJoin",
        message: "must be false: TURNSTILE_SECRET and TURNSTILE_SITE_KEY are not set",
      };
  }
}
