import type { Schedule } from "../domain/booking.ts";
import type { FailureOf } from "../domain/failures.ts";
import type { ConcertId, RoomId } from "../domain/ids.ts";
import type { QueueToken } from "../domain/queue.ts";
import { ok, refused, type Result } from "../domain/result.ts";
import type { AdmissionCheck } from "../ports/admission_check.ts";
import type { Catalogue } from "../ports/catalogue.ts";
import { type ScheduleRef, SEATS_VERSION_MS, type SeatVersions } from "../ports/seat_versions.ts";
import type { NotAdmitted, RequireAdmission } from "./admission.ts";
import { schedulesKey } from "./cache_keys.ts";
import {
  cacheable,
  type ConcertPage,
  type ConcertPageRequest,
  createConcertList,
} from "./concert_list.ts";
import type { ReadThrough } from "./read_through.ts";
import type { RequestContext } from "./request_context.ts";
import type { StockRecount } from "./stock_recount.ts";

/** A version of a seat map, with its JSON text unless the fan has that version. */
export interface VersionedSeats {
  readonly version: string;
  readonly json: string | null;
}

export interface CatalogueServiceDependencies {
  readonly admissionCheck: AdmissionCheck;
  readonly seatVersions: SeatVersions;
  readonly catalogue: Pick<Catalogue, "listOnSale" | "listSchedules" | "seatMap">;
  readonly readThrough: ReadThrough;
  readonly requireAdmission: RequireAdmission;
  readonly stockRecount: StockRecount;
  readonly concertsTtlMs: number;
  readonly schedulesTtlMs: number;
}

/** What an admitted fan may read. Every call checks the admission, cached or not. */
export interface CatalogueService {
  concerts(
    context: RequestContext,
    token: QueueToken,
    page: ConcertPageRequest,
  ): Promise<Result<ConcertPage, NotAdmitted>>;
  schedules(
    context: RequestContext,
    token: QueueToken,
    concertId: ConcertId,
  ): Promise<
    Result<readonly Schedule[], NotAdmitted | FailureOf<"CONCERT_NOT_FOUND" | "WRONG_ROOM">>
  >;
  /**
   * The present seats, or the fact that the fan has their version. A version that is confirmed was
   * the present one at most `SEATS_VERSION_MS` ago, and no hold in it has lapsed since.
   */
  seats(
    context: RequestContext,
    token: QueueToken,
    schedule: ScheduleRef,
    isKnown: (version: string) => boolean,
  ): Promise<
    Result<
      VersionedSeats,
      | NotAdmitted
      | FailureOf<
        "CONCERT_NOT_FOUND" | "SCHEDULE_NOT_FOUND" | "SALE_NOT_OPEN" | "SALE_CLOSED" | "WRONG_ROOM"
      >
    >
  >;
}

export function createCatalogueService(
  dependencies: CatalogueServiceDependencies,
): CatalogueService {
  const { admissionCheck, seatVersions, catalogue, readThrough, requireAdmission } = dependencies;
  const { stockRecount, concertsTtlMs, schedulesTtlMs } = dependencies;
  const concertList = createConcertList({ catalogue, readThrough, ttlMs: concertsTtlMs });

  return {
    async concerts(context, token, page) {
      const { standing, cached } = await admissionCheck.check(token, concertList.key(page));
      const admission = requireAdmission(token, standing);
      if (!admission.ok) return admission;
      return ok(await concertList.page(context, page, cached));
    },

    async schedules(context, token, concertId) {
      const key = schedulesKey(concertId);
      const { standing, cached } = await admissionCheck.check(token, key);
      const admission = requireAdmission(token, standing);
      if (!admission.ok) return admission;
      const load = async () => cacheable(await catalogue.listSchedules(concertId), schedulesTtlMs);
      const found = await readThrough(context, key, cached, load);
      if (!found) return refused({ kind: "CONCERT_NOT_FOUND" });
      const { room, schedules } = found;
      return room === token.room ? ok(schedules) : refused({ kind: "WRONG_ROOM", room });
    },

    async seats(context, token, schedule, isKnown) {
      const { standing, version: present, atMs } = await seatVersions.check(token, schedule);
      const admission = requireAdmission(token, standing);
      if (!admission.ok) return admission;
      // A version begins with its room, so it confirms nothing to a fan of another room.
      if (present?.startsWith(versionIn(token.room, "")) && isKnown(present)) {
        return ok({ version: present, json: null });
      }
      const found = await catalogue.seatMap(schedule.concertId, schedule.scheduleId);
      if (!found.ok) return found;
      const { value: { room, map }, changesInMs } = found.value;
      if (room !== token.room) return refused({ kind: "WRONG_ROOM", room });
      if (!map.seats.some(({ status }) => status === "AVAILABLE")) {
        context.afterAnswer(() => stockRecount.recountUnlessRecent(room));
      }
      const json = JSON.stringify(map);
      const version = versionIn(room, await fingerprint(json));
      const forMs = Math.min(SEATS_VERSION_MS, changesInMs ?? SEATS_VERSION_MS);
      context.afterAnswer(() => seatVersions.keep(schedule, { version, atMs, forMs }));
      return ok({ version, json: isKnown(version) ? null : json });
    },
  };
}

function versionIn(room: RoomId, text: string): string {
  return `${room}.${text}`;
}

/** The first 128 bits of SHA-256, in hex. */
async function fingerprint(text: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return new Uint8Array(digest).slice(0, 16).toHex();
}
