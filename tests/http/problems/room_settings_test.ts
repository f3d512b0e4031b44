import { deepEqual } from "node:assert/strict";
import { roomFailure } from "../../../src/http/problems/room_settings.ts";

Deno.test("`roomFailure()` names the member and the reason of each fault of a room's settings", () => {
  const now = "2030-01-01T00:00:00.000Z";
  deepEqual(
    roomFailure({
      kind: "ROOM_SETTINGS_INVALID",
      faults: [
        { code: "OPENS_AT_NOT_ALLOWED", state: "HELD" },
        { code: "OPENS_AT_IN_PAST", now },
        { code: "POLL_MAX_BELOW_MIN", pollMinSeconds: 10 },
        { code: "POLL_MIN_ABOVE_MAX", pollMaxSeconds: 20 },
      ],
    }),
    {
      kind: "VALIDATION_FAILED",
      errors: [
        {
          path: "opensAt",
          message:
            "must be null in a room that is HELD: only a CLOSED or LOBBY one opens by itself",
        },
        { path: "opensAt", message: `must be in the future, after ${now}` },
        { path: "pollMaxSeconds", message: "must not be below pollMinSeconds (10)" },
        { path: "pollMinSeconds", message: "must not be above pollMaxSeconds (20)" },
      ],
    },
  );
});

Deno.test("`roomFailure()` leaves other failures as they are", () => {
  deepEqual(roomFailure({ kind: "ROOM_EXISTS" } as const), { kind: "ROOM_EXISTS" });
});
