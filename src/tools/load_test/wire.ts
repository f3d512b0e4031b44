import pLimit from "p-limit";
import type { Problem } from "./answers.ts";
import { Stopped, type Stopper } from "./stopper.ts";

/** An answer that takes longer than this is lost. */
const ANSWER_DEADLINE_MS = 15_000;
/** Lost answers, 429 and 503 are tried again this often, ever later. */
const MAX_TRIES = 8;
const FIRST_RETRY_MS = 100;
const LONGEST_RETRY_MS = 2_000;

export interface Call {
  /** What the call is named in the table. */
  readonly name: string;
  readonly method: "GET" | "POST" | "DELETE";
  readonly path: string;
  /** The bearer token. */
  readonly bearer?: string;
  /** The queue token. */
  readonly place?: string;
  readonly key?: string;
  readonly json?: unknown;
  /** The fan cuts the answer off after this long. */
  readonly cutOffAfterMs?: number;
}

interface Sent {
  readonly status: number;
  readonly text: string;
  readonly sentAtMs: number;
  readonly receivedAtMs: number;
}
export type Success<Body> = Sent & { readonly ok: true; readonly body: Body };
export type Refusal = Sent & { readonly ok: false; readonly problem: Problem };
/** Null: the answer was lost, and what became of the request is unknown. */
export type Answer<Body> = Success<Body> | Refusal;

/** Told of every wait for a socket, every answer, and each lost one that nobody cut off. */
export interface Tap {
  queued(ms: number): void;
  answered(name: string, status: number, ms: number, detail: string): void;
  lost(name: string): void;
}

export interface WireParts {
  readonly base: string;
  readonly sockets: number;
  readonly stopper: Stopper;
  readonly now: () => number;
  readonly tap: Tap;
}

function headersOf({ bearer, place, key, json }: Call): Record<string, string> {
  return {
    ...(bearer ? { Authorization: `Bearer ${bearer}` } : {}),
    ...(place ? { "Queue-Token": place } : {}),
    ...(key ? { "Idempotency-Key": key } : {}),
    ...(json === undefined ? {} : { "Content-Type": "application/json" }),
  };
}

function problemOf(text: string): Problem {
  try {
    const problem = JSON.parse(text);
    if (typeof problem?.code === "string") return problem;
  } catch { /* not even JSON: told as such */ }
  return { code: "UNREADABLE", detail: text.slice(0, 200) };
}

function answerOf<Body>(sent: Sent): Answer<Body> {
  if (sent.status >= 200 && sent.status < 300) {
    return { ...sent, ok: true, body: JSON.parse(sent.text) as Body };
  }
  return { ...sent, ok: false, problem: problemOf(sent.text) };
}

/** The way to the server: so many sockets at once, and every answer is timed. */
export function wire({ base, sockets, stopper, now, tap }: WireParts) {
  const limit = pLimit(sockets);

  async function exchange<Body>(call: Call): Promise<Answer<Body> | null> {
    const controller = new AbortController();
    const abort = () => controller.abort();
    const forget = stopper.onStop(abort);
    const timer = setTimeout(abort, call.cutOffAfterMs ?? ANSWER_DEADLINE_MS);
    const sentAtMs = now();
    try {
      const response = await fetch(base + call.path, {
        method: call.method,
        headers: headersOf(call),
        body: call.json === undefined ? null : JSON.stringify(call.json),
        signal: controller.signal,
      });
      const sent = {
        status: response.status,
        text: await response.text(),
        sentAtMs,
        receivedAtMs: now(),
      };
      const answer = answerOf<Body>(sent);
      const told = answer.ok ? "" : `${answer.problem.code} ${answer.problem.detail ?? ""}`;
      tap.answered(call.name, sent.status, sent.receivedAtMs - sentAtMs, told);
      return answer;
    } catch (error) {
      if (stopper.stopped) throw new Stopped();
      if (!(error instanceof TypeError || controller.signal.aborted)) throw error;
      if (call.cutOffAfterMs === undefined) tap.lost(call.name);
      return null;
    } finally {
      clearTimeout(timer);
      forget();
    }
  }

  function send<Body>(call: Call): Promise<Answer<Body> | null> {
    const wantedAtMs = now();
    return limit(() => {
      tap.queued(now() - wantedAtMs);
      return exchange<Body>(call);
    });
  }

  /** Sends until there is an answer that says something, as a patient person does. */
  async function ask<Body>(call: Call): Promise<Answer<Body> | null> {
    let last: Answer<Body> | null = null;
    for (let tries = 0; tries < MAX_TRIES; tries++) {
      last = await send<Body>(call);
      const again = last === null || last.status === 429 || last.status === 503 ||
        (!last.ok && last.problem.code === "IDEMPOTENCY_IN_PROGRESS");
      if (!again) return last;
      await stopper.sleep(Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** tries));
    }
    return last;
  }

  return { send, ask };
}

export type Wire = ReturnType<typeof wire>;
