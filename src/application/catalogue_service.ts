import type { Concert, Schedule } from "../domain/booking.ts";
import type { FailureOf } from "../domain/failures.ts";
import type { ConcertId, RoomId } from "../domain/ids.ts";
import type { PlaceRef } from "../domain/queue.ts";
import { ok, refused, type Result } from "../domain/result.ts";
import type { Catalogue, Perishable } from "../ports/catalogue.ts";
import type { Gate } from "../ports/admission_check.ts";
import { SEATS_VERSION_MS, type SeatsOf, type SeatVersions } from "../ports/seat_versions.ts";
import type { NotAdmitted, RequireAdmission } from "./admission.ts";
import { CONCERTS_KEY, schedulesKey } from "./cache_keys.ts";
import type { Call } from "./request_context.ts";
import type { Loaded, ReadThrough } from "./read_through.ts";
import type { Restock } from "./stock_recount.ts";

/** A version of a seat map, and its JSON text unless the fan has it. */
export interface SeatsTold {
  readonly version: string;
  readonly json: string | null;
}

export interface BrowseParts {
  readonly gate: Gate;
  readonly seatVersions: SeatVersions;
  readonly catalogue: Catalogue;
  readonly readThrough: ReadThrough;
  readonly requireAdmission: RequireAdmission;
  readonly restock: Restock;
  readonly concertsTtlMs: number;
  readonly schedulesTtlMs: number;
}

/** A value is never kept past the next opening of a sale that would change it. */
function keepFor<Value>(loaded: Perishable<Value> | null, ttlMs: number): Loaded<Value> {
  if (!loaded) return null;
  return { value: loaded.value, ttlMs: Math.min(ttlMs, loaded.changesInMs ?? ttlMs) };
}

/** What an admitted fan may look at. Admission is checked on every request, cached or not. */
export function browse(parts: BrowseParts) {
  const { gate, seatVersions, catalogue, readThrough, requireAdmission, restock } = parts;
  return {
    async concerts(
      call: Call,
      place: PlaceRef,
    ): Promise<Result<readonly Concert[], NotAdmitted>> {
      const { standing, cached } = await gate.check(place, CONCERTS_KEY);
      const admission = requireAdmission(place, standing);
      if (!admission.ok) return admission;
      const concerts = await readThrough(
        call,
        CONCERTS_KEY,
        cached,
        async () => keepFor(await catalogue.listOnSale(), parts.concertsTtlMs),
      );
      return ok(concerts ?? []);
    },

    async schedules(
      call: Call,
      place: PlaceRef,
      concertId: ConcertId,
    ): Promise<
      Result<readonly Schedule[], NotAdmitted | FailureOf<"CONCERT_NOT_FOUND" | "WRONG_ROOM">>
    > {
      const key = schedulesKey(concertId);
      const { standing, cached } = await gate.check(place, key);
      const admission = requireAdmission(place, standing);
      if (!admission.ok) return admission;
      const found = await readThrough(
        call,
        key,
        cached,
        async () => keepFor(await catalogue.listSchedules(concertId), parts.schedulesTtlMs),
      );
      if (!found) return refused({ kind: "CONCERT_NOT_FOUND" });
      const { room, schedules } = found;
      return room === place.room ? ok(schedules) : refused({ kind: "WRONG_ROOM", room });
    },

    /**
     * The seats as they are now, or that they are as the fan knows them. What is told to be
     * unchanged was so at most `SEATS_VERSION_MS` ago, and no hold in it has lapsed since.
     */
    async seats(
      call: Call,
      place: PlaceRef,
      seats: SeatsOf,
      isKnown: (version: string) => boolean,
    ): Promise<
      Result<
        SeatsTold,
        | NotAdmitted
        | FailureOf<"CONCERT_NOT_FOUND" | "SCHEDULE_NOT_FOUND" | "SALE_NOT_OPEN" | "WRONG_ROOM">
      >
    > {
      const { standing, version: present, atMs } = await seatVersions.check(place, seats);
      const admission = requireAdmission(place, standing);
      if (!admission.ok) return admission;
      // A version names the room: to whoever is admitted to another it stands for nothing.
      if (present?.startsWith(versionIn(place.room, "")) && isKnown(present)) {
        return ok({ version: present, json: null });
      }
      const found = await catalogue.seatMap(seats.concertId, seats.scheduleId);
      if (!found.ok) return found;
      const { value: { room, map }, changesInMs } = found.value;
      if (room !== place.room) return refused({ kind: "WRONG_ROOM", room });
      if (!map.seats.some(({ status }) => status === "AVAILABLE")) {
        call.afterAnswer(() => restock.unlessJustDone(room));
      }
      const json = JSON.stringify(map);
      const version = versionIn(room, await fingerprint(json));
      const forMs = Math.min(SEATS_VERSION_MS, changesInMs ?? SEATS_VERSION_MS);
      call.afterAnswer(() => seatVersions.keep(seats, { version, atMs, forMs }));
      return ok({ version, json: isKnown(version) ? null : json });
    },
  };
}

function versionIn(room: RoomId, text: string): string {
  return `${room}.${text}`;
}

/** The same for the same text, and for no other: 128 bits of SHA-256. */
async function fingerprint(text: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return new Uint8Array(digest).slice(0, 16).toHex();
}
