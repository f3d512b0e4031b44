import { equal, ok } from "node:assert/strict";
import * as keys from "../../src/application/cache_keys.ts";
import type { ConcertId, RoomId, ScheduleId } from "../../src/domain/ids.ts";

const schedule = (concertId: number, scheduleId: number) => ({
  concertId: concertId as ConcertId,
  scheduleId: scheduleId as ScheduleId,
});

Deno.test("no two things have one key, and each key says its kind and version", () => {
  const all = [
    ...keys.CONCERTS_KEYS,
    ...keys.PROGRAMME_KEYS,
    keys.REFUNDS_KEY,
    keys.DELIVERIES_KEY,
    ...[1, 11].map((id) => keys.schedulesKey(id as ConcertId)),
    ...[schedule(1, 11), schedule(11, 1), schedule(1, 1)].flatMap((one) => [
      keys.seatStatusesKey(one),
      ...[null, "A", "B", "null"].map((section) => keys.seatMapKey(one, section)),
    ]),
    ...["https://id.example.com/a", "https://id.example.com/b"].map(keys.keySetKey),
    ...["main", "other"].map((room) => keys.roomKey(room as RoomId)),
  ];
  equal(new Set(all).size, all.length);
  for (const key of all) ok(/^[a-z_]+:v[1-9]/.test(key), key);
  equal(keys.CONCERTS_KEYS.length, keys.PROGRAMME_KEYS.length);
  ok(keys.CONCERTS_KEYS.length > 1);
});
