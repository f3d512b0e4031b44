import type { Seat } from "../domain/booking.ts";
import {
  lettersOf,
  SEAT_COLUMNS,
  type SeatMap,
  type SeatRow,
  type SeatSnapshot,
  statusOfLetter,
} from "../domain/seat_map.ts";
import type { LongText } from "../domain/long_text.ts";
import type { ScheduleRef } from "../ports/catalogue.ts";
import { createBoundedMemory } from "./bounded_memory.ts";

/** An answer as a JSON text, with its version. */
export interface VersionedText {
  readonly version: string;
  readonly json: string | LongText;
}

/** The characters of the answers that an isolate keeps while nothing in them changes. */
const MAX_KEPT_CHARACTERS = 8_000_000;
/** Seats of a larger map are answered in parts: 50 callers at once would fill an isolate. */
const MAX_SEATS_IN_ONE_PART = 5_000;
const SEATS_A_PART = 500;

interface KeptText {
  readonly snapshot: SeatSnapshot;
  readonly text: VersionedText;
}

/** The answers about the seats of a schedule or of one section. */
export interface SeatTexts {
  map(schedule: ScheduleRef, map: SeatMap): VersionedText;
  /** `map` is that of the section; null for all seats. */
  statuses(
    schedule: ScheduleRef,
    section: string | null,
    snapshot: SeatSnapshot,
    map: SeatMap | null,
  ): Promise<VersionedText>;
  seats(
    schedule: ScheduleRef,
    section: string | null,
    snapshot: SeatSnapshot,
    map: SeatMap,
  ): Promise<VersionedText>;
}

/** Makes each text once for a snapshot, however many fans of the isolate ask. */
export function createSeatTexts(): SeatTexts {
  const memory = createBoundedMemory<KeptText>({ maxSize: MAX_KEPT_CHARACTERS });
  const mapTexts = new WeakMap<SeatMap, VersionedText>();
  const rowTexts = new WeakMap<SeatMap, readonly string[]>();

  async function once(
    key: string,
    snapshot: SeatSnapshot,
    make: () => Promise<VersionedText>,
  ): Promise<VersionedText> {
    const kept = memory.get(key);
    if (kept && kept.snapshot === snapshot) return kept.text;
    const text = await make();
    const size = typeof text.json === "string" ? text.json.length : snapshot.statuses.length;
    memory.set(key, { snapshot, text }, size);
    return text;
  }

  /** The members of each seat as text, up to its status. */
  function rowTextsOf(map: SeatMap): readonly string[] {
    const found = rowTexts.get(map);
    if (found) return found;
    const made = map.rows.map(textUpToStatus);
    rowTexts.set(map, made);
    return made;
  }

  return {
    map({ concertId, scheduleId }, map) {
      const found = mapTexts.get(map);
      if (found) return found;
      const { mapVersion, rows } = map;
      const answer = {
        concertId,
        scheduleId,
        mapVersion,
        columns: SEAT_COLUMNS,
        seats: [] as const,
      };
      const textOf = (from: number, to: number) =>
        JSON.stringify(rows.slice(from, to)).slice(1, -1);
      const text = { version: mapVersion, json: listed(answer, rows.length, textOf) };
      mapTexts.set(map, text);
      return text;
    },
    statuses({ scheduleId }, section, snapshot, map) {
      return once(`statuses ${scheduleId} ${section ?? ""}`, snapshot, async () => {
        const { mapVersion, takenAt } = snapshot;
        const statuses = map ? lettersOf(map.runs, snapshot.statuses) : snapshot.statuses;
        const json = JSON.stringify({ scheduleId, mapVersion, takenAt, statuses });
        return { version: await fingerprint(json), json };
      });
    },
    async seats({ concertId, scheduleId }, section, snapshot, map) {
      const { concertAt, mapVersion } = snapshot;
      const make = async () => {
        const letters = lettersOf(map.runs, snapshot.statuses);
        const answer = { concertId, scheduleId, concertAt, seats: [] as const };
        const textOf = (from: number, to: number) =>
          rowTextsOf(map).slice(from, to)
            .map((text, i) => `${text}${statusOfLetter(letters[from + i]!)}"}`).join();
        const version = await fingerprint(`${mapVersion} ${concertAt} ${section} ${letters}`);
        return { version, json: listed(answer, map.rows.length, textOf) };
      };
      return await once(`seats ${scheduleId} ${section ?? ""}`, snapshot, make);
    },
  };
}

/** The text of this answer, of which the list of seats is the last member. */
function listed(
  answer: { readonly seats: readonly [] },
  count: number,
  textOf: (from: number, to: number) => string,
): string | LongText {
  const head = JSON.stringify(answer).slice(0, -"]}".length);
  if (count <= MAX_SEATS_IN_ONE_PART) return `${head}${textOf(0, count)}]}`;
  return {
    *parts() {
      yield head;
      for (let from = 0; from < count; from += SEATS_A_PART) {
        yield (from === 0 ? "" : ",") + textOf(from, from + SEATS_A_PART);
      }
      yield "]}";
    },
  };
}

function textUpToStatus(values: SeatRow): string {
  const seat = Object.fromEntries(SEAT_COLUMNS.map((name, i) => [name, values[i]]));
  const status: Seat["status"] = "AVAILABLE";
  return JSON.stringify({ ...seat, status }).slice(0, -`${status}"}`.length);
}

/** The first 128 bits of SHA-256, in hex. */
async function fingerprint(text: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return new Uint8Array(digest).slice(0, 16).toHex();
}
