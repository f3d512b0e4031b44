import type { Concert, Schedule, SeatMap } from "../domain/booking.ts";
import type { FailureOf } from "../domain/failures.ts";
import type { ConcertId, ScheduleId } from "../domain/ids.ts";
import type { PlaceRef } from "../domain/line.ts";
import { ok, refused, type Result } from "../domain/result.ts";
import type { Catalogue, Perishable } from "../ports/catalogue.ts";
import type { Gate } from "../ports/gate.ts";
import type { QueueStore } from "../ports/queue_store.ts";
import type { NotAdmitted, RequireAdmission } from "./admission.ts";
import { CONCERTS_KEY, schedulesKey } from "./cache_keys.ts";
import type { Call } from "./call.ts";
import type { Loaded, ReadThrough } from "./read_through.ts";

export interface BrowseParts {
  readonly gate: Gate;
  readonly queue: QueueStore;
  readonly catalogue: Catalogue;
  readonly readThrough: ReadThrough;
  readonly requireAdmission: RequireAdmission;
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
  const { gate, queue, catalogue, readThrough, requireAdmission } = parts;
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
    ): Promise<Result<readonly Schedule[], NotAdmitted | FailureOf<"CONCERT_NOT_FOUND">>> {
      const key = schedulesKey(concertId);
      const { standing, cached } = await gate.check(place, key);
      const admission = requireAdmission(place, standing);
      if (!admission.ok) return admission;
      const schedules = await readThrough(
        call,
        key,
        cached,
        async () => keepFor(await catalogue.listSchedules(concertId), parts.schedulesTtlMs),
      );
      return schedules ? ok(schedules) : refused({ kind: "CONCERT_NOT_FOUND" });
    },

    async seats(
      place: PlaceRef,
      concertId: ConcertId,
      scheduleId: ScheduleId,
    ): Promise<
      Result<
        SeatMap,
        NotAdmitted | FailureOf<"CONCERT_NOT_FOUND" | "SCHEDULE_NOT_FOUND" | "SALE_NOT_OPEN">
      >
    > {
      const admission = requireAdmission(place, await queue.status(place));
      if (!admission.ok) return admission;
      return await catalogue.seatMap(concertId, scheduleId);
    },
  };
}
