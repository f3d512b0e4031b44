import type { AuditEntry, NewAuditEntry } from "../domain/audit.ts";
import type { Page, PageRequest } from "../domain/booking.ts";
import type { RoomId } from "../domain/ids.ts";

/** The acts of operators. Each method is one statement. */
export interface AuditLog {
  /** Writes an entry for an act that PostgreSQL does not carry out itself. */
  record(entry: NewAuditEntry): Promise<void>;
  /** Newest first; of one room, or of all with null. */
  list(room: RoomId | null, page: PageRequest): Promise<Page<AuditEntry>>;
}
