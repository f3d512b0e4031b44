import type { WebhookId } from "./ids.ts";
import { isLoopbackHost } from "./loopback.ts";

/** What receivers can hear of. Each type has its own data: see src/http/schemas/webhook.ts. */
export const EVENT_TYPES = [
  "payment.completed",
  "payment.refunded",
  "schedule.sold_out",
  "concert.sold_out",
  "schedule.withdrawn",
  "concert.withdrawn",
  "schedule.reinstated",
  "concert.reinstated",
  "ticket.checked_in",
] as const;
export type EventType = typeof EVENT_TYPES[number];

export const MAX_WEBHOOKS = 20;
export const MAX_WEBHOOK_URL_LENGTH = 2_048;
/** Events that one replay delivers again; those of the last millisecond all belong to it. */
export const MAX_REPLAYED_EVENTS = 10_000;

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** How old an event may be to be replayed. */
export const REPLAY_WINDOW_MS = 7 * DAY_MS;
/** A delivery is retried for so long after the event, or after its replay. */
export const RETRY_WINDOW_MS = DAY_MS;
/** Older events are deleted. A replayed event stays for the whole time of its retries. */
export const EVENT_RETENTION_MS = REPLAY_WINDOW_MS + RETRY_WINDOW_MS;

/**
 * How long a receiver gets nothing after an attempt that it did not answer. The lookup of a name
 * cannot be called off: it may block a thread of the process longer than its attempt lasts.
 */
export const SILENT_REST_MS = 30_000;

/** The longest times between the attempts of one delivery. Together they fit into the window. */
export const RETRY_DELAYS_MS: readonly number[] = [
  30_000,
  2 * 60_000,
  10 * 60_000,
  30 * 60_000,
  HOUR_MS,
  2 * HOUR_MS,
  4 * HOUR_MS,
  6 * HOUR_MS,
  9.5 * HOUR_MS,
];
/** A delay is shortened by at most this part, so that retries do not come all at once. */
const JITTER = 0.1;

/** The time from the failure of attempt number `attempts` to the next; null: there is none. */
export function retryDelayMs(attempts: number, random: () => number): number | null {
  const longest = RETRY_DELAYS_MS[attempts - 1];
  return longest === undefined ? null : Math.round(longest * (1 - JITTER * random()));
}

/** A receiver of events. */
export interface Webhook {
  readonly webhookId: WebhookId;
  readonly url: string;
  readonly events: readonly EventType[];
  /** Times are RFC 3339. */
  readonly createdAt: string;
  /** When the receiver answered 410; null: it gets events. A replay enables it again. */
  readonly disabledAt: string | null;
  readonly lastDeliveredAt: string | null;
  readonly lastFailure: { readonly at: string; readonly reason: string } | null;
  /** Deliveries that wait for their first or next attempt. */
  readonly pending: number;
}

/** Names that only a local network or cluster resolves (RFC 6761, 6762, 8375 and common use). */
const LOCAL_SUFFIXES = [
  "localhost",
  "localdomain",
  "local",
  "internal",
  "intranet",
  "private",
  "corp",
  "home",
  "home.arpa",
  "lan",
  "intra",
  "localnet",
  "mail",
  "svc",
  "consul",
  "test",
  "invalid",
];
const MAX_HOST_LENGTH = 253;
/** Letters, digits and hyphens; underscores, because some hosts have them. */
const LABEL = /^[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?$/;
const EXAMPLE = "https://hooks.example.com/stanchion";

/**
 * What is wrong with the URL of a webhook; null if nothing is. The parser has rewritten all forms
 * of an IPv4 address (decimal, octal, hexadecimal, with fewer parts) to four decimal numbers.
 */
export function webhookUrlFault(
  text: string,
  { allowLoopback }: { readonly allowLoopback: boolean },
): string | null {
  // deno-lint-ignore no-control-regex
  if (/[\s\u0000-\u001f\u007f]/.test(text)) return "must not contain blanks or control characters";
  if (!URL.canParse(text)) return `must be a URL such as ${EXAMPLE}`;
  const { protocol, hostname, port, hash } = new URL(text);
  // The parser forgives other spellings, and would hide an empty user name.
  const [, authority] = /^[a-z]+:\/\/([^/?#\\]+)(?:[/?#]|$)/i.exec(text) ?? [];
  if (authority === undefined) return `must be a URL such as ${EXAMPLE}`;
  if (authority.includes("@")) return "must not contain a user name or a password";
  if (port === "0") return "must not name port 0";
  if (hash !== "") return "must not contain a fragment, which is never sent";
  if (allowLoopback && isLoopbackHost(hostname) && /^https?:$/.test(protocol)) return null;
  if (protocol !== "https:") return "must begin with https://";
  if (hostname.startsWith("[") || /^\d+(?:\.\d+){3}$/.test(hostname)) {
    return "must name a host, not an IP address";
  }
  if (hostname.endsWith(".")) return "must name a host without a dot at its end";
  if (hostname.length > MAX_HOST_LENGTH || !hostname.split(".").every((part) => LABEL.test(part))) {
    return "must name a host of letters, digits and hyphens, with 1 to 63 between two dots";
  }
  if (!hostname.includes(".")) return "must name a host with its domain, such as hooks.example.com";
  if (LOCAL_SUFFIXES.some((suffix) => hostname.endsWith(`.${suffix}`))) {
    return "must name a host of the public internet, not of a local network";
  }
  return null;
}
