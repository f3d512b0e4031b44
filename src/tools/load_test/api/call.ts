import type { Problem } from "./answers.ts";

const MAX_DETAIL_LETTERS = 200;

export interface Call {
  /** The name of the call in the report. */
  readonly name: string;
  readonly method: "GET" | "POST" | "PATCH" | "DELETE";
  readonly path: string;
  readonly bearer?: string;
  readonly queueToken?: string;
  readonly idempotencyKey?: string;
  readonly json?: unknown;
  /** The client aborts the request after this time. */
  readonly abortAfterMs?: number;
}

interface Received {
  readonly status: number;
  readonly text: string;
  /** The requests that the server sent to Redis for it, by `Server-Timing`. NaN when unknown. */
  readonly redisCalls: number;
  /** Milliseconds since the start of the rush. */
  readonly sentAtMs: number;
  readonly receivedAtMs: number;
}
export type Success<Body> = Received & { readonly ok: true; readonly body: Body };
export type Refusal = Received & { readonly ok: false; readonly problem: Problem };
export type Answer<Body> = Success<Body> | Refusal;

export function headersOf(
  { bearer, queueToken, idempotencyKey, json }: Call,
): Record<string, string> {
  return {
    ...(bearer ? { Authorization: `Bearer ${bearer}` } : {}),
    ...(queueToken ? { "Queue-Token": queueToken } : {}),
    ...(idempotencyKey ? { "Idempotency-Key": idempotencyKey } : {}),
    ...(json === undefined ? {} : { "Content-Type": "application/json" }),
  };
}

export function redisCallsOf(headers: Headers): number {
  return Number(/redis;desc="(\d+)"/.exec(headers.get("Server-Timing") ?? "")?.[1]);
}

function parseProblem(text: string): Problem {
  try {
    const problem = JSON.parse(text);
    if (typeof problem?.code === "string") return problem;
  } catch { /* A body that is not JSON has the code UNREADABLE, too. */ }
  return { code: "UNREADABLE", detail: text.slice(0, MAX_DETAIL_LETTERS) };
}

export function parseAnswer<Body>(received: Received): Answer<Body> {
  if (received.status >= 200 && received.status < 300) {
    return { ...received, ok: true, body: JSON.parse(received.text) as Body };
  }
  return { ...received, ok: false, problem: parseProblem(received.text) };
}

/** For example `503 DEPENDENCY_UNAVAILABLE`. */
export function describeAnswer(answer: Answer<unknown> | null): string {
  if (answer === null) return "no answer";
  return answer.ok ? String(answer.status) : `${answer.status} ${answer.problem.code}`;
}

/** Whether another attempt can bring nothing new. */
export function isFinal(answer: Answer<unknown> | null): boolean {
  if (answer === null || answer.status === 429 || answer.status === 503) return false;
  return answer.ok || answer.problem.code !== "IDEMPOTENCY_IN_PROGRESS";
}
