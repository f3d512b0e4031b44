import { deepEqual, equal, ok } from "node:assert/strict";
import { createSeatTexts, type VersionedText } from "../../src/application/seat_texts.ts";
import { type ConcertId, MAIN_ROOM, type ScheduleId, type SeatId } from "../../src/domain/ids.ts";
import type { SeatMap, SeatRow, SeatSnapshot } from "../../src/domain/seat_map.ts";
import { SEAT_COLUMNS, seatsOf } from "../../src/domain/seat_map.ts";
import { streamed } from "../../src/http/pipeline/json_body.ts";

const SCHEDULE = { concertId: 1 as ConcertId, scheduleId: 2 as ScheduleId };
const LARGEST_IN_ONE_PART = 5_000;
const MOST_PART_CHARACTERS = 100_000;

function hallOf(count: number): { map: SeatMap; snapshot: SeatSnapshot } {
  const rows = Array.from({ length: count }, (_, i): SeatRow => [
    i + 1 as SeatId,
    i + 1,
    `${i % 50 + 1}`,
    "Saal „A“",
    `${Math.floor(i / 50)}`,
    i % 50,
    null,
    100,
  ]);
  const snapshot = {
    room: MAIN_ROOM,
    concertAt: "2030-01-01T00:00:00.000Z",
    mapVersion: "one",
    takenAt: "2029-01-01T00:00:00.000Z",
    statuses: Array.from({ length: count }, (_, i) => "AHS"[i % 3]).join(""),
  };
  return { map: { mapVersion: "one", runs: [0, count], rows }, snapshot };
}

function partsOf({ json }: VersionedText): string[] {
  return typeof json === "string" ? [json] : [...json.parts()];
}

for (const count of [0, 1, LARGEST_IN_ONE_PART, LARGEST_IN_ONE_PART + 1, 7_501]) {
  Deno.test(`the answers about ${count} seats say the same, in one part or in many`, async () => {
    const { map, snapshot } = hallOf(count);
    const texts = createSeatTexts();
    const mapText = texts.map(SCHEDULE, map);
    const seatsText = await texts.seats(SCHEDULE, null, snapshot, map);
    for (const text of [mapText, seatsText]) {
      const parts = partsOf(text);
      equal(parts.length > 1, count > LARGEST_IN_ONE_PART);
      if (parts.length > 1) ok(parts.every(({ length }) => length <= MOST_PART_CHARACTERS));
      deepEqual(partsOf(text), parts, "a second reader gets the same");
    }
    deepEqual(JSON.parse(partsOf(mapText).join("")), {
      ...SCHEDULE,
      mapVersion: "one",
      columns: [...SEAT_COLUMNS],
      seats: map.rows,
    });
    deepEqual(JSON.parse(partsOf(seatsText).join("")), {
      ...SCHEDULE,
      concertAt: snapshot.concertAt,
      seats: seatsOf(map, snapshot),
    });
    equal(await texts.seats(SCHEDULE, null, snapshot, map), seatsText);
  });
}

Deno.test("a part is made when the reader has taken the one before it", async () => {
  let made = 0;
  const parts = function* () {
    for (let part = 0; part < 100; part++) {
      made++;
      yield `${part}€`;
    }
  };
  const reader = streamed({ parts }).getReader();
  equal(made, 0);
  for (let part = 0; part < 100; part++) {
    const { value } = await reader.read();
    equal(new TextDecoder().decode(value), `${part}€`);
    equal(made, part + 1);
  }
  equal(new TextDecoder().decode((await reader.read()).value), "\n");
  equal((await reader.read()).done, true);
});

Deno.test("each schedule and section has its own answers, and each is made once for a snapshot", async () => {
  const { map, snapshot } = hallOf(6);
  const texts = createSeatTexts();
  const other = { ...SCHEDULE, scheduleId: 3 as ScheduleId };
  const section: SeatMap = { mapVersion: "one", runs: [1, 2], rows: map.rows.slice(1, 3) };
  const asked = () =>
    Promise.all([
      texts.statuses(SCHEDULE, null, snapshot, null),
      texts.statuses(SCHEDULE, "A", snapshot, section),
      texts.statuses(other, null, snapshot, null),
      texts.seats(SCHEDULE, null, snapshot, map),
      texts.seats(SCHEDULE, "A", snapshot, section),
      texts.seats(other, null, snapshot, map),
    ]);
  const first = await asked();
  equal(new Set(first.map(({ json }) => json)).size, first.length);
  const [whole, part] = first.map(({ json }) => JSON.parse(json as string));
  deepEqual([whole.statuses, part.statuses], ["AHSAHS", "HS"]);
  (await asked()).forEach((text, i) => equal(text, first[i]));
  equal(texts.map(SCHEDULE, map), texts.map(SCHEDULE, map));
});

Deno.test("the version of an answer is 128 bits, and another one for other seats", async () => {
  const { map, snapshot } = hallOf(6);
  const sold = { ...snapshot, statuses: "SSSSSS" };
  const moved = { ...snapshot, concertAt: "2030-01-02T00:00:00.000Z" };
  const redrawn = { ...snapshot, mapVersion: "two" };
  const versions: string[] = [];
  for (const each of [snapshot, sold, moved, redrawn]) {
    const { version } = await createSeatTexts().seats(SCHEDULE, null, each, map);
    ok(/^[0-9a-f]{32}$/.test(version), version);
    versions.push(version);
  }
  versions.push((await createSeatTexts().seats(SCHEDULE, "A", snapshot, map)).version);
  equal(new Set(versions).size, 5);
});
