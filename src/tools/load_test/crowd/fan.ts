import type { HttpClient } from "../api/http_client.ts";
import type { StopSwitch } from "../api/stop_switch.ts";
import type { Observations } from "../observations.ts";
import type { FanTraits } from "./fan_traits.ts";
import type { PurchaseLog } from "./purchase_log.ts";
import type { RandomStream } from "./random.ts";

/** What a fan is doing, for the report of a rush that reached its time limit. */
export type Activity = "arriving" | "waiting in the queue" | "shopping";

/** One member of the crowd. */
export interface Fan {
  readonly number: number;
  readonly userId: string;
  readonly traits: FanTraits;
  readonly random: RandomStream;
  readonly log: PurchaseLog;
  readonly bearer: string;
  /** Idempotency keys used so far. Each act has its own. */
  keys: number;
  /** The stored queue token. */
  queueToken: string | null;
  /** Places had so far. */
  places: number;
  activity: Activity;
}

/** What all fans of a rush share. */
export interface SaleContext {
  readonly client: HttpClient;
  readonly observations: Observations;
  readonly stopSwitch: StopSwitch;
  readonly operatorToken: string;
  /** The room and the concert belong to this rush alone. */
  readonly room: string;
  readonly concertId: number;
  readonly thinkSeconds: number;
  /** Milliseconds since 1970. */
  readonly wallClock: () => number;
  /** Milliseconds since the start of the rush. */
  readonly now: () => number;
  /** Age of a room with a lobby when the fans start. Their arrivals count from its creation. */
  readonly roomAgeMs: number;
  /** Set after the first FORBIDDEN of a fan's own charge. */
  selfChargeForbidden: boolean;
}

/** How a fan's visit ends. The report prints `fans who …`. */
export type Ending =
  | "bought"
  | "found no seat left"
  | "left the queue after SOLD_OUT"
  | "found the room closed"
  | "gave up"
  | "never showed up"
  | "closed the tab"
  | "walked away"
  | "lost the place"
  | "were refused"
  | "did not finish";

/** A random pause before an act. */
export function think({ random }: Fan, context: SaleContext): Promise<void> {
  return context.stopSwitch.sleep(1000 * random.pause(context.thinkSeconds));
}
