import { ok } from "node:assert/strict";
import { createStanchionClient } from "../../../src/client/client.ts";
import type { Clock } from "../../../src/client/environment.ts";
import type { Place, PlaceState } from "../../../src/client/place_state.ts";
import { memoryStorage } from "./device.ts";

/** How long an admitted fan looks at what is on sale, and how often. */
const LOOKS = 3;
const LOOKS_EVERY_MS = 5_000;
const ARRIVES_EVERY_MS = 40;

export interface CrowdParts {
  readonly fans: number;
  readonly baseUrl: string;
  readonly clock: Clock;
  readonly random: () => number;
  readonly sleep: (ms: number) => Promise<void>;
  readonly accessToken: (fan: string) => Promise<string>;
  /** Carries a request; throws while there is no network. */
  readonly fetch: (url: string, init: RequestInit) => Promise<Response>;
}

/** What one fan sent to the line, and what it was told. */
export interface FanRecord {
  readonly name: string;
  readonly questions: Question[];
  readonly states: { readonly atMs: number; readonly state: PlaceState }[];
  admittedMs: number | null;
  left: boolean;
}

export interface Question {
  readonly sentMs: number;
  answeredMs: number;
  /** The told wait; null where the answer told none. */
  toldMs: number | null;
  /** `Retry-After` of a refusal. */
  retryAfterMs: number;
  failed: boolean;
}

/** Fans who come one after another, wait, are admitted, look around and leave. */
export function crowd(parts: CrowdParts) {
  const records: FanRecord[] = Array.from({ length: parts.fans }, (_, index) => ({
    name: `crowd-${String(index).padStart(4, "0")}`,
    questions: [],
    states: [],
    admittedMs: null,
    left: false,
  }));
  return { records, done: Promise.all(records.map((record, index) => fan(record, index, parts))) };
}

async function fan(record: FanRecord, index: number, parts: CrowdParts): Promise<void> {
  const { clock, random, sleep, baseUrl } = parts;
  const accessToken = await parts.accessToken(record.name);
  await sleep(index * ARRIVES_EVERY_MS);
  const client = createStanchionClient({
    baseUrl,
    accessToken,
    clock,
    random,
    storage: memoryStorage(),
    locks: null,
    channel: null,
    events: new EventTarget(),
    fetch: noted(record, parts),
  });
  const place = await client.joinQueue();
  place.subscribe((state) => record.states.push({ atMs: clock.now(), state }));
  for (let looks = 0; looks < LOOKS;) {
    await place.admitted();
    record.admittedMs ??= clock.now();
    await sleep(LOOKS_EVERY_MS);
    const looked = await client.GET("/v1/concerts").catch(() => null);
    if (looked?.data) looks++;
  }
  await leave(place, sleep);
  record.left = true;
}

async function leave(place: Place, sleep: (ms: number) => Promise<void>): Promise<void> {
  for (;;) {
    try {
      return await place.leave();
    } catch {
      await sleep(LOOKS_EVERY_MS);
    }
  }
}

function noted(record: FanRecord, { fetch, clock }: CrowdParts): CrowdParts["fetch"] {
  return async (url, init) => {
    const asksLine = url.includes("/v1/queue/tokens") && init.method !== "DELETE";
    const question: Question = {
      sentMs: clock.now(),
      answeredMs: Infinity,
      toldMs: null,
      retryAfterMs: 0,
      failed: true,
    };
    if (asksLine) record.questions.push(question);
    try {
      const response = await fetch(url, init);
      if (asksLine) {
        const body = await response.clone().json();
        question.failed = !response.ok;
        question.toldMs = typeof body.pollAfterSeconds === "number"
          ? body.pollAfterSeconds * 1000
          : null;
        question.retryAfterMs = Number(response.headers.get("Retry-After") ?? 0) * 1000;
      }
      return response;
    } finally {
      question.answeredMs = clock.now();
    }
  };
}

/** A poll comes a tenth of the told time and two seconds early at most, and late by `slackMs`. */
export function paceFaults(record: FanRecord, slackMs: number): string[] {
  const faults: string[] = [];
  for (const [index, question] of record.questions.entries()) {
    const next = record.questions[index + 1];
    if (!next) break;
    const waitedMs = next.sentMs - question.answeredMs;
    const { toldMs, retryAfterMs } = question;
    const told =
      `${record.name}, question ${index}: told ${toldMs} ${retryAfterMs}, came after ${waitedMs}`;
    if (question.failed && waitedMs < Math.max(retryAfterMs, 499)) faults.push(told);
    if (toldMs === null) continue;
    const earliest = toldMs - Math.min(toldMs * 0.1, 1_000) - 1_000;
    if (waitedMs < earliest - slackMs || waitedMs > toldMs + slackMs) faults.push(told);
  }
  return faults;
}

/** Fans who stand in front of an earlier one, by the ticket numbers of one epoch of the line. */
export function orderFaults(
  records: readonly FanRecord[],
  [fromMs, untilMs]: readonly [number, number],
): string[] {
  const faults: string[] = [];
  let last = 0;
  for (const { name, states } of records) {
    // A failure repeats what was known before it.
    const numbers = states.filter(({ atMs, state }) =>
      atMs >= fromMs && atMs < untilMs && state.askedAt === atMs
    ).map(({ state }) => state.line?.ticket ?? null)
      .filter((ticket) => ticket !== null);
    const ticket = numbers.at(-1);
    if (ticket === undefined) continue;
    if (ticket < last) faults.push(`${name} has ticket ${ticket} after ${last}`);
    last = ticket;
  }
  return faults;
}

export function assertAllServed(records: readonly FanRecord[]): void {
  const missing = records.filter(({ admittedMs, left }) => admittedMs === null || !left);
  ok(missing.length === 0, `not served: ${missing.map(({ name }) => name)}`);
}
