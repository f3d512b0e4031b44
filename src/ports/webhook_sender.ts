/** Sends one signed event to a receiver. Redirects are not followed, bodies are not read. */
export type WebhookSender = (message: WebhookMessage) => Promise<Sent>;

export interface WebhookMessage {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export type Sent =
  | { readonly answered: true; readonly status: number }
  /** The receiver was not reached, or did not answer in time. `reason` is for the operator. */
  | { readonly answered: false; readonly reason: string };
