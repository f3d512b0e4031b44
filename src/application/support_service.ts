import type { LedgerEntry, Page, PageRequest } from "../domain/booking.ts";
import type { FanId, RoomId } from "../domain/ids.ts";
import { shownInLine, type ShownPlace } from "../domain/line_history.ts";
import type { LastPlace, PlaceView, QueueStore } from "../ports/queue_store.ts";
import type { FanRecords, SupportRecords } from "../ports/support_records.ts";

export interface SupportServiceDependencies {
  readonly queue: Pick<QueueStore, "findPlace" | "findLastPlace" | "history">;
  readonly supportRecords: SupportRecords;
}

export interface FanLookup extends FanRecords {
  readonly place: PlaceView | null;
  /** How the fan's last place ended; null with a live place, or when it is not known any more. */
  readonly lastPlace: LastPlace | null;
  /** The positions and estimates that the fan got with this place or the last one, in the last hour. */
  readonly shown: readonly ShownPlace[];
}

/** What an operator looks up when a fan writes in. It changes nothing. */
export interface SupportService {
  fan(room: RoomId, fan: FanId): Promise<FanLookup>;
  /** All that changed the fan's balance, newest first. */
  ledger(fan: FanId, page: PageRequest): Promise<Page<LedgerEntry>>;
}

export function createSupportService(
  { queue, supportRecords }: SupportServiceDependencies,
): SupportService {
  return {
    async fan(room, fan) {
      const [place, lastPlace, samples, records] = await Promise.all([
        queue.findPlace(room, fan),
        queue.findLastPlace(room, fan),
        queue.history(room),
        supportRecords.ofFan(fan),
      ]);
      const order = (place ?? lastPlace)?.order;
      const untilMs = lastPlace?.endedAtMs ?? Infinity;
      const shown = order === undefined
        ? []
        : shownInLine(samples ?? [], order).filter(({ atMs }) => atMs <= untilMs);
      return { place, lastPlace, shown, ...records };
    },
    ledger: (fan, page) => supportRecords.ledgerOf(fan, page),
  };
}
