import assert from "node:assert/strict";
import { quickSettings } from "../../../src/tools/load_test/quick_settings.ts";
import { timeLimitSeconds } from "../../../src/tools/load_test/time_limit.ts";

const DEFAULT_ROOM = {
  capacity: 1_000,
  admissionsPerMinute: null,
  admissionTtlSeconds: 900,
  holdTtlSeconds: 300,
  pollMaxSeconds: 60,
};
const CROWD = { fans: 2_000, noShows: 0, lobbySeconds: 0, showUpSeconds: null };

Deno.test("timeLimitSeconds() is longer than abandoned holds and admissions of the server", () => {
  const limit = timeLimitSeconds({ ...CROWD, room: DEFAULT_ROOM });
  assert.ok(limit > DEFAULT_ROOM.holdTtlSeconds + DEFAULT_ROOM.admissionTtlSeconds, `${limit} s`);
  // One free slot, in which each fan who walks away stays for ADMISSION_TTL_SECONDS.
  const narrow = timeLimitSeconds({ ...CROWD, room: { ...DEFAULT_ROOM, capacity: 1 } });
  assert.ok(narrow > 2_000 * 0.03 * 900, `${narrow} s`);
});

Deno.test("timeLimitSeconds() of the rush's own server is minutes", () => {
  const settings = quickSettings(2_000);
  const room = {
    capacity: 100,
    admissionsPerMinute: null,
    admissionTtlSeconds: Number(settings["ADMISSION_TTL_SECONDS"]),
    holdTtlSeconds: Number(settings["HOLD_TTL_SECONDS"]),
    pollMaxSeconds: Number(settings["POLL_MAX_SECONDS"]),
  };
  const limit = timeLimitSeconds({ ...CROWD, room, showUpSeconds: 1 });
  assert.ok(limit > 280 && limit < 600, `${limit} s`);
});

Deno.test("timeLimitSeconds() grows by the lobby, the rate, the fans and the no-shows", () => {
  const limit = (changes = {}, room = {}) =>
    timeLimitSeconds({ ...CROWD, ...changes, room: { ...DEFAULT_ROOM, ...room } });
  const base = limit();
  assert.equal(limit({ lobbySeconds: 20 }), base + 20);
  assert.equal(limit({}, { admissionsPerMinute: 60 }), base + 2_000);
  assert.ok(limit({ fans: 20_000 }) > base + 900);
  assert.ok(limit({ noShows: 50 }) > base + 100);
});
