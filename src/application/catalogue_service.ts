import type { Concert, Schedule } from "../domain/booking.ts";
import { DependencyError, type FailureOf } from "../domain/failures.ts";
import type { ConcertId } from "../domain/ids.ts";
import type { QueueToken } from "../domain/queue.ts";
import { ok, refused, type Result } from "../domain/result.ts";
import type { AdmissionCheck } from "../ports/admission_check.ts";
import type { SeatMap, SeatSnapshot } from "../domain/seat_map.ts";
import type { Catalogue, ScheduleRef, SeatsFailure } from "../ports/catalogue.ts";
import type { NotAdmitted, RequireAdmission } from "./admission.ts";
import { CONCERTS_KEYS, schedulesKey } from "./cache_keys.ts";
import {
  cacheable,
  type ConcertPage,
  type ConcertPageRequest,
  type ReadBlock,
  readConcertPage,
} from "./concert_pages.ts";
import type { ReadThrough } from "./read_through.ts";
import type { RequestContext } from "./request_context.ts";
import type { SeatMaps } from "./seat_maps.ts";
import type { SeatStatuses } from "./seat_statuses.ts";
import type { SeatTexts, VersionedText } from "./seat_texts.ts";

/** Of one section, or of the whole schedule with null. */
export interface SeatsRequest extends ScheduleRef {
  readonly section: string | null;
}

export type SeatsRefusal = NotAdmitted | SeatsFailure | FailureOf<"WRONG_ROOM">;

export interface CatalogueServiceDependencies {
  readonly admissionCheck: AdmissionCheck;
  readonly catalogue: Pick<Catalogue, "listOnSale" | "listSchedules">;
  readonly seatMaps: SeatMaps;
  readonly seatStatuses: SeatStatuses;
  readonly seatTexts: SeatTexts;
  readonly readThrough: ReadThrough;
  readonly requireAdmission: RequireAdmission;
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
  /** The seats with their statuses. They are as old as those of `seatStatuses()`. */
  seats(
    context: RequestContext,
    token: QueueToken,
    request: SeatsRequest,
  ): Promise<Result<VersionedText, SeatsRefusal>>;
  /** What only operators change about the seats. */
  seatMap(
    context: RequestContext,
    token: QueueToken,
    request: SeatsRequest,
  ): Promise<Result<VersionedText, SeatsRefusal>>;
  /** The statuses in the order of the map, at most `SNAPSHOT_TTL_MS` old when this was called. */
  seatStatuses(
    context: RequestContext,
    token: QueueToken,
    request: SeatsRequest,
  ): Promise<Result<VersionedText, SeatsRefusal>>;
}

/** So often the seats of a schedule may change while a request puts map and statuses together. */
const MAX_CHANGES_MEANWHILE = 3;

export function createCatalogueService(
  dependencies: CatalogueServiceDependencies,
): CatalogueService {
  const { admissionCheck, catalogue, readThrough, requireAdmission } = dependencies;
  const { seatMaps, seatStatuses, seatTexts, concertsTtlMs, schedulesTtlMs } = dependencies;

  const readBlock: ReadBlock<Concert> = async (context, block, cached) => {
    const key = CONCERTS_KEYS[block];
    if (key === undefined) return (await catalogue.listOnSale(block)).value;
    const load = async () => cacheable(await catalogue.listOnSale(block), concertsTtlMs);
    return (await readThrough(context, key, cached ?? { state: "EMPTY" }, load))!;
  };

  /** Statuses alone. */
  async function look(
    context: RequestContext,
    token: QueueToken,
    schedule: ScheduleRef,
  ): Promise<Result<SeatSnapshot, SeatsRefusal>> {
    const asked = seatStatuses.ask(schedule);
    const { standing, cached } = await admissionCheck.checkKnown(token, [asked]);
    const admission = requireAdmission(token, standing);
    if (!admission.ok) return admission;
    return inRoom(token, await seatStatuses.read(context, asked, cached[0]));
  }

  /** Statuses and the map that they follow, in one round trip. */
  async function lookAtMap(
    context: RequestContext,
    token: QueueToken,
    { section, ...schedule }: SeatsRequest,
  ): Promise<Result<{ snapshot: SeatSnapshot; map: SeatMap }, SeatsRefusal>> {
    const statuses = seatStatuses.ask(schedule);
    const asked = seatMaps.ask(schedule, section);
    const { standing, cached } = await admissionCheck.checkKnown(token, [statuses, asked]);
    const admission = requireAdmission(token, standing);
    if (!admission.ok) return admission;
    let taken = inRoom(token, await seatStatuses.read(context, statuses, cached[0]));
    for (let changes = 0; taken.ok && changes < MAX_CHANGES_MEANWHILE; changes++) {
      const snapshot = taken.value;
      const found = changes === 0 ? cached[1] : { state: "EMPTY" as const };
      const map = await seatMaps.read(context, asked, found, snapshot.mapVersion);
      if (map?.mapVersion === snapshot.mapVersion) return ok({ snapshot, map });
      // An operator changed the seats after the snapshot was taken.
      taken = inRoom(token, await seatStatuses.renew(context, schedule));
    }
    if (!taken.ok) return taken;
    throw new DependencyError("postgres", new Error("the seats change all the time"));
  }

  return {
    async concerts(context, token, page) {
      const key = CONCERTS_KEYS[page.after?.block ?? 0] ?? CONCERTS_KEYS[0]!;
      const { standing, cached } = await admissionCheck.check(token, key);
      const admission = requireAdmission(token, standing);
      if (!admission.ok) return admission;
      return ok(await readConcertPage(readBlock, context, page, cached));
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

    async seats(context, token, request) {
      const looked = await lookAtMap(context, token, request);
      if (!looked.ok) return looked;
      const { snapshot, map } = looked.value;
      return ok(await seatTexts.seats(request, request.section, snapshot, map));
    },
    async seatMap(context, token, request) {
      const looked = await lookAtMap(context, token, request);
      return looked.ok ? ok(seatTexts.map(request, looked.value.map)) : looked;
    },
    async seatStatuses(context, token, { section, ...schedule }) {
      if (section === null) {
        const looked = await look(context, token, schedule);
        return looked.ok
          ? ok(await seatTexts.statuses(schedule, null, looked.value, null))
          : looked;
      }
      const looked = await lookAtMap(context, token, { ...schedule, section });
      if (!looked.ok) return looked;
      const { snapshot, map } = looked.value;
      return ok(await seatTexts.statuses(schedule, section, snapshot, map));
    },
  };
}

function inRoom(
  { room }: QueueToken,
  taken: Result<SeatSnapshot, SeatsFailure>,
): Result<SeatSnapshot, SeatsFailure | FailureOf<"WRONG_ROOM">> {
  if (!taken.ok || taken.value.room === room) return taken;
  return refused({ kind: "WRONG_ROOM", room: taken.value.room });
}
