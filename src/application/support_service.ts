import type { Page, PageRequest } from "../domain/booking.ts";
import type { ConcertId, FanId, RoomId } from "../domain/ids.ts";
import type { QueueStore, Sighting } from "../ports/queue_store.ts";
import type { FanRecords, Records, Sale } from "../ports/support_records.ts";

/** What the operator looks up when a fan writes in. Looking changes nothing. */
export function support({ queue, records }: { queue: QueueStore; records: Records }) {
  return {
    async fan(room: RoomId, fan: FanId): Promise<FanRecords & { place: Sighting | null }> {
      const [place, found] = await Promise.all([queue.look(room, fan), records.ofFan(fan)]);
      return { place, ...found };
    },
    sales(concertId: ConcertId, page: PageRequest): Promise<Page<Sale> | null> {
      return records.salesOf(concertId, page);
    },
  };
}
