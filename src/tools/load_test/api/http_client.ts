import pLimit from "p-limit";
import {
  type Answer,
  type Call,
  describeAnswer,
  headersOf,
  isFinal,
  parseAnswer,
  redisCallsOf,
} from "./call.ts";
import { Stopped, type StopSwitch } from "./stop_switch.ts";

/** A server that is alive answers sooner, however busy its machine is. */
const ANSWER_DEADLINE_MS = 60_000;
const FIRST_RETRY_MS = 100;
const LONGEST_RETRY_MS = 2_000;
/** From this retry on the pause is the longest one. */
const LAST_DOUBLING = 10;

/** No final answer came within the retry limit of the client. */
export class NoAnswerError extends Error {
  override readonly name = "NoAnswerError";
}

/** Receives the measurements of a client. */
export interface HttpListener {
  waitedForSocket(ms: number): void;
  answered(callName: string, status: number, ms: number, detail: string): void;
  /** The connection failed, or the answer took too long. Not called for `abortAfterMs`. */
  answerLost(callName: string): void;
}

export interface HttpClient {
  /** One attempt. Null: no answer came, and whether the server acted is unknown. */
  sendOnce<Body>(call: Call): Promise<Answer<Body> | null>;
  /**
   * Retries after a lost answer, a 429, a 503 and IDEMPOTENCY_IN_PROGRESS until another answer
   * comes. Throws `Stopped` at the stop, and `NoAnswerError` after the retry limit.
   */
  send<Body>(call: Call): Promise<Answer<Body>>;
}

export interface HttpClientParts {
  readonly base: string;
  /** Requests under way at once. */
  readonly sockets: number;
  readonly stopSwitch: StopSwitch;
  /** Infinity: only the stop switch ends the retries. */
  readonly retryLimitMs: number;
  readonly now: () => number;
  readonly listener: HttpListener;
  readonly fetch?: typeof globalThis.fetch;
}

function retryPauseMs(attempt: number): number {
  return Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** Math.min(attempt, LAST_DOUBLING));
}

/** A client of the API that limits its sockets and measures every answer. */
export function createHttpClient(parts: HttpClientParts): HttpClient {
  const { base, sockets, stopSwitch, retryLimitMs, now, listener } = parts;
  const fetch = parts.fetch ?? globalThis.fetch;
  const limit = pLimit(sockets);

  async function attempt<Body>(call: Call): Promise<Answer<Body> | null> {
    const controller = new AbortController();
    const abort = () => controller.abort();
    const removeListener = stopSwitch.onStop(abort);
    const timer = setTimeout(abort, call.abortAfterMs ?? ANSWER_DEADLINE_MS);
    const sentAtMs = now();
    try {
      const response = await fetch(base + call.path, {
        method: call.method,
        headers: headersOf(call),
        body: call.json === undefined ? null : JSON.stringify(call.json),
        signal: controller.signal,
      });
      const { status } = response;
      const text = await response.text();
      const redisCalls = redisCallsOf(response.headers);
      const answer = parseAnswer<Body>({ status, text, redisCalls, sentAtMs, receivedAtMs: now() });
      const detail = answer.ok ? "" : `${answer.problem.code} ${answer.problem.detail ?? ""}`;
      listener.answered(call.name, status, answer.receivedAtMs - sentAtMs, detail);
      return answer;
    } catch (error) {
      if (stopSwitch.stopped) throw new Stopped();
      // A TypeError is fetch's report of a failed connection.
      if (!(error instanceof TypeError || controller.signal.aborted)) throw error;
      if (call.abortAfterMs === undefined) listener.answerLost(call.name);
      return null;
    } finally {
      clearTimeout(timer);
      removeListener();
    }
  }

  function sendOnce<Body>(call: Call): Promise<Answer<Body> | null> {
    const wantedAtMs = now();
    return limit(() => {
      listener.waitedForSocket(now() - wantedAtMs);
      return attempt<Body>(call);
    });
  }

  async function send<Body>(call: Call): Promise<Answer<Body>> {
    const startedAtMs = now();
    let last: Answer<Body> | null = null;
    try {
      for (let attempts = 0; now() - startedAtMs <= retryLimitMs; attempts++) {
        last = await sendOnce<Body>(call);
        if (last !== null && isFinal(last)) return last;
        await stopSwitch.sleep(retryPauseMs(attempts));
      }
    } catch (error) {
      if (!(error instanceof Stopped)) throw error;
      throw new Stopped(`${call.name} (last attempt: ${describeAnswer(last)})`);
    }
    throw new NoAnswerError(
      `${call.method} ${call.path} had no final answer within ${retryLimitMs / 1000} s; ` +
        `the last attempt: ${describeAnswer(last)}`,
    );
  }

  return { sendOnce, send };
}
