import type { Ending } from "../crowd/fan.ts";
import type { PurchaseLog } from "../crowd/purchase_log.ts";
import type { Observations } from "../observations.ts";
import type { DrawRecords } from "../operator/draw_records.ts";
import type { SaleRecords } from "../operator/sale_records.ts";

/** The room of the rush after the sale. */
export interface RoomEvidence {
  /** On sale in the room at the start. */
  readonly seats: number;
  readonly perMinute: number | null;
  /** Null without a lobby. */
  readonly draw: DrawRecords | null;
  /** An operator changed the room meanwhile. What depends on its settings is not checked then. */
  readonly wasChanged: boolean;
}

/** All that the checks and the report of a rush are computed from. */
export interface Evidence {
  readonly room: RoomEvidence;
  readonly observations: Observations;
  readonly logs: readonly PurchaseLog[];
  readonly endings: readonly Ending[];
  readonly seconds: number;
  readonly records: SaleRecords;
  readonly seatLimit: number;
  /** The time to show up of the server; 0 where it is not known. */
  readonly showUpMs: number;
}
