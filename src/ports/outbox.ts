import type { WebhookId } from "../domain/ids.ts";

/**
 * The deliveries of events to webhooks. Each method is one statement. Acts write the events and
 * their deliveries themselves, in their own statements.
 */
export interface Outbox {
  /**
   * Takes deliveries that are due, at most `limit`, from every webhook in turn but those of
   * `except` and those that rest. Nobody else gets one of them within `leaseMs`. With `sweep` it
   * also deletes old events and deleted webhooks.
   */
  claim(options: ClaimOptions): Promise<Claimed>;
  /** Records the outcomes of claimed deliveries. That of a delivery claimed anew since is void. */
  settle(outcomes: readonly SettledDelivery[]): Promise<Settled>;
}

/** What the effects of an act say about events. */
export interface EventEffects {
  /** Events were written, for which webhooks wait. */
  readonly events?: true;
}

export interface ClaimOptions {
  readonly limit: number;
  readonly leaseMs: number;
  readonly except: readonly WebhookId[];
  readonly sweep: boolean;
}

export interface Claimed extends Outlook {
  readonly deliveries: readonly Delivery[];
}

export interface Settled extends Outlook {
  /** Deliveries without a further attempt. */
  readonly givenUp: number;
}

export interface Outlook {
  /** Whether there is any webhook that gets events. */
  readonly hasWebhooks: boolean;
  /** When the next delivery is due, from now; null: none is left. */
  readonly dueInMs: number | null;
}

/** An attempt to deliver one event to one webhook. */
export interface Delivery {
  readonly webhookId: WebhookId;
  readonly url: string;
  readonly secret: string;
  /** The same in every attempt and replay, for receivers that drop repeats. */
  readonly eventId: string;
  readonly sequence: number;
  readonly type: string;
  /** RFC 3339. */
  readonly timestamp: string;
  readonly data: unknown;
  /** With this one. */
  readonly attempts: number;
}

export type Outcome =
  | { readonly result: "DELIVERED" }
  | {
    readonly result: "FAILED";
    /** Null: there is no further attempt. */
    readonly retryInMs: number | null;
    readonly reason: string;
    /** There was no answer, so the receiver rests (`SILENT_REST_MS`). */
    readonly isSilent: boolean;
  }
  /** The receiver wants no more events: it is disabled, and loses the other deliveries too. */
  | { readonly result: "GONE"; readonly reason: string }
  /** It was not sent, so it is no attempt. */
  | { readonly result: "UNSENT"; readonly retryInMs: number };

export type SettledDelivery =
  & Pick<Delivery, "webhookId" | "sequence" | "attempts">
  & Outcome;
