import type { Page, PageRequest } from "../domain/booking.ts";
import type { ConcertId, FanId, RoomId } from "../domain/ids.ts";
import type { PlaceView, QueueStore } from "../ports/queue_store.ts";
import type { FanRecords, Sale, SupportRecords } from "../ports/support_records.ts";

export interface SupportServiceDependencies {
  readonly queue: Pick<QueueStore, "findPlace">;
  readonly supportRecords: SupportRecords;
}

/** What an operator looks up when a fan writes in. It changes nothing. */
export interface SupportService {
  fan(room: RoomId, fan: FanId): Promise<FanRecords & { readonly place: PlaceView | null }>;
  /** Null if there is no such concert. */
  sales(concertId: ConcertId, page: PageRequest): Promise<Page<Sale> | null>;
}

export function createSupportService(
  { queue, supportRecords }: SupportServiceDependencies,
): SupportService {
  return {
    async fan(room, fan) {
      const [place, records] = await Promise.all([
        queue.findPlace(room, fan),
        supportRecords.ofFan(fan),
      ]);
      return { place, ...records };
    },
    sales: (concertId, page) => supportRecords.salesOf(concertId, page),
  };
}
