import type { WebhookId } from "../domain/ids.ts";
import { MAX_WEBHOOKS } from "../domain/webhook.ts";
import type { Clock } from "../ports/clock.ts";

/** Deliveries in flight in this isolate: also when every webhook hangs, each has had its turn. */
export const MAX_IN_FLIGHT = MAX_WEBHOOKS;
/** Deliveries in flight to one receiver that answers. */
export const MAX_IN_FLIGHT_PER_RECEIVER = 4;
/** To one that has not answered lately, or never: it may hang. */
const MAX_IN_FLIGHT_UNPROVEN = 1;
/** An answer proves a receiver for so long. */
const PROVEN_MS = 60_000;
/** Longer than any turn. One whose run was cut off ends after this time. */
const TURN_TTL_MS = 30_000;

/**
 * The turns of receivers that this isolate serves at the moment. One delivery of a turn is in flight
 * at a time. The number of turns is bounded, so that receivers that hang hold no more than their part
 * of the connections and of the threads that look up names.
 */
export interface DeliveryTurns {
  /** Begins a turn of the receiver; null when it, or the isolate, has as many as it may have. */
  begin(webhookId: WebhookId): Turn | null;
  /** The receivers that may begin no turn now. */
  full(): readonly WebhookId[];
}

export interface Turn {
  /** The receiver has answered, whatever it said. */
  answered(): void;
  end(): void;
}

interface Receiver {
  /** When each turn ends at the latest. */
  readonly turns: Set<{ readonly untilMs: number }>;
  provenUntilMs: number;
}

export function createDeliveryTurns({ clock }: { readonly clock: Clock }): DeliveryTurns {
  const receivers = new Map<WebhookId, Receiver>();

  /** Forgets what is over, so that there are no more receivers than turns and late answers. */
  function prune(): void {
    const now = clock();
    for (const [webhookId, { turns, provenUntilMs }] of receivers) {
      for (const turn of turns) if (turn.untilMs <= now) turns.delete(turn);
      if (turns.size === 0 && provenUntilMs <= now) receivers.delete(webhookId);
    }
  }

  function isFull({ turns, provenUntilMs }: Receiver): boolean {
    const isProven = provenUntilMs > clock();
    return turns.size >= (isProven ? MAX_IN_FLIGHT_PER_RECEIVER : MAX_IN_FLIGHT_UNPROVEN);
  }

  return {
    begin(webhookId) {
      prune();
      const inFlight = receivers.values().reduce((sum, { turns }) => sum + turns.size, 0);
      const receiver = receivers.get(webhookId) ?? { turns: new Set(), provenUntilMs: 0 };
      if (inFlight >= MAX_IN_FLIGHT || isFull(receiver)) return null;
      const turn = { untilMs: clock() + TURN_TTL_MS };
      receiver.turns.add(turn);
      receivers.set(webhookId, receiver);
      return {
        answered: () => void (receiver.provenUntilMs = clock() + PROVEN_MS),
        end: () => void receiver.turns.delete(turn),
      };
    },
    full() {
      prune();
      return [...receivers].filter(([, receiver]) => isFull(receiver)).map(([id]) => id);
    },
  };
}
