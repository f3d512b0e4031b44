import type { Environment } from "./environment.ts";
import { isProblem, type StanchionProblem } from "./problems.ts";
import { createTimer, type Timer } from "./timer.ts";

const FIRST_BACK_OFF_MS = 1_000;
/** Below the time to show up, so that an outage alone costs nobody the turn. */
const MOST_BACK_OFF_MS = 30_000;
const MOST_RETRY_AFTER_MS = 3_600_000;
/** A call without an answer for this long is lost. */
export const ANSWER_WITHIN_MS = 10_000;

/** Why there is no answer yet: without a status, the network failed. */
export interface Failure {
  readonly status: number | null;
  readonly problem: StanchionProblem | null;
}

/** Of a lost call; also of a success that says nothing, such as one of a captive portal. */
export const NO_ANSWER = { failure: { status: null, problem: null }, retryAfterMs: 0 } as const;

/** What a call gives. */
export interface Received {
  readonly data?: unknown;
  readonly error?: unknown;
  readonly response: Response;
}

/** A call that was answered, by a success or by a refusal; or one that was not. */
export type Attempt<Answer extends Received> =
  | { readonly answer: Answer }
  | {
    readonly answer?: never;
    readonly failure: Failure;
    readonly retryAfterMs: number;
    /** What to give or to throw when it is the last attempt. */
    readonly received?: Answer;
    readonly thrown?: unknown;
  };

/** Waits before the next attempt; a network that comes back shortens the wait. */
export function setBackOff(
  timer: Timer,
  failures: number,
  { failure, retryAfterMs }: { failure: Failure; retryAfterMs: number },
  random: () => number,
): number {
  const ms = backOff(failures, retryAfterMs, random);
  timer.set(ms, failure.status === null ? random() * FIRST_BACK_OFF_MS : Infinity);
  return ms;
}

/** Sends once. Whatever says nothing about the act itself counts as no answer. */
export async function attempt<Answer extends Received>(
  { clock }: Environment,
  send: (signal: AbortSignal) => Promise<Answer>,
  withinMs = ANSWER_WITHIN_MS,
): Promise<Attempt<Answer>> {
  const controller = new AbortController();
  let timer: unknown;
  const late = new Promise<never>((_, reject) => {
    timer = clock.setTimeout(() => {
      reject(new TypeError("no answer"));
      controller.abort();
    }, withinMs);
  });
  try {
    const received = await Promise.race([send(controller.signal), late]);
    const { response: { status, headers }, data, error } = received;
    // A page of a proxy may have any status.
    if (status < 400 && status !== 304 && data !== Object(data)) throw new TypeError("no answer");
    const problem = isProblem(error) ? error : null;
    const decided = status < 400 ||
      problem && status < 500 && ![408, 425, 429].includes(status) &&
        problem.code !== "IDEMPOTENCY_IN_PROGRESS";
    if (decided) return { answer: received };
    const retryAfterMs = retryAfter(headers.get("Retry-After"), clock.now());
    return { failure: { status, problem }, retryAfterMs, received };
  } catch (thrown) {
    return { ...NO_ANSWER, thrown };
  } finally {
    clock.clearTimeout(timer);
  }
}

/** Seconds, or a date as proxies write it. */
function retryAfter(header: string | null, nowMs: number): number {
  const seconds = Number(header);
  const ms = seconds >= 0 ? seconds * 1000 : Date.parse(header!) - nowMs;
  return Math.min(Math.max(ms || 0, 0), MOST_RETRY_AFTER_MS);
}

/** How long to wait after the given number of failures in a row; never less than the server said. */
export function backOff(failures: number, retryAfterMs: number, random: () => number): number {
  const most = Math.min(FIRST_BACK_OFF_MS * 2 ** (failures - 1), MOST_BACK_OFF_MS);
  return Math.max(most * (1 + random()) / 2, retryAfterMs * (1 + random() / 10));
}

const MOST_ATTEMPTS = 6;

export interface Outcome<Answer> {
  /**
   * Whether an earlier attempt may have acted without an answer. Undefined: there was none, and what
   * was received is the last failure, which says nothing about the act.
   */
  readonly lost?: boolean;
  readonly received: Answer;
}

/**
 * Sends until there is an answer, at most six times, within half a minute where the server names no
 * time. The last failure is returned as the refusal that it was, or thrown.
 */
export async function untilAnswered<Answer extends Received>(
  environment: Environment,
  send: (signal: AbortSignal) => Promise<Answer>,
): Promise<Outcome<Answer>> {
  for (let failures = 0;;) {
    const tried = await attempt(environment, send);
    if ("answer" in tried) return { lost: failures > 0, received: tried.answer };
    if (++failures === MOST_ATTEMPTS) {
      if (tried.received) return { received: tried.received };
      throw tried.thrown;
    }
    await new Promise<void>((resolve) =>
      setBackOff(createTimer(environment, resolve), failures, tried, environment.random)
    );
  }
}
