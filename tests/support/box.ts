import { assemble, type Assembled } from "../../src/assemble.ts";
import { type Config, parseConfig } from "../../src/config.ts";
import type { Sql } from "../../src/adapters/postgres/sql.ts";
import { embeddedStores } from "../../src/embedded.ts";
import type { FanId } from "../../src/domain/ids.ts";
import { signIn } from "../../src/http/credentials/user_tokens.ts";
import type { ReportedEvent } from "../../src/ports/report.ts";
import type { RateLimiter } from "../../src/ports/rate_limiter.ts";
import type { Stores } from "../../src/assemble.ts";
import { checkAgainstDocument, openApiChecker } from "./openapi_checker.ts";

export const OPERATOR_TOKEN = "an-operator-token-of-at-least-32-bytes";
export const START_MS = Date.parse("2026-12-01T10:00:00.000Z");
const WELCOME = { QUEUE_TOKEN_SECRET: "q".repeat(32), USER_JWT_SECRET: "u".repeat(32) };

export interface TestClock {
  (): number;
  advance(ms: number): void;
}

export function testClock(startMs = START_MS): TestClock {
  let nowMs = startMs;
  return Object.assign(() => nowMs, { advance: (ms: number) => void (nowMs += ms) });
}

export interface Sent {
  readonly fan?: string;
  readonly operator?: true;
  readonly place?: string;
  readonly json?: unknown;
  /** Sent as it is, instead of `json`. */
  readonly raw?: BodyInit;
  readonly key?: string;
  readonly headers?: Record<string, string>;
}

export interface Received {
  readonly status: number;
  // deno-lint-ignore no-explicit-any
  readonly body: any;
  readonly text: string;
  readonly headers: Headers;
}

/** Stanchion as the tests drive it: the real composition over an injected clock, ids and chance. */
export interface Box extends Assembled {
  readonly config: Config;
  readonly clock: TestClock;
  readonly reports: ReportedEvent[];
  call(method: string, path: string, sent?: Sent): Promise<Received>;
  userToken(fan: string): Promise<string>;
  /** Joins the line and gives the queue token. */
  join(fan: string): Promise<string>;
  /** Waits for all that follows the answers given so far. */
  settle(): Promise<void>;
}

export interface BoxOptions {
  readonly settings?: Record<string, string>;
  readonly allowJoin?: RateLimiter;
  readonly clock?: TestClock;
  /** Puts something between the core and its stores. */
  readonly wrap?: (stores: Stores) => Stores;
}

let boxes = 0;

export function openBox(sql: Sql, options: BoxOptions = {}): Box {
  const { settings = {}, allowJoin = () => Promise.resolve(true), clock = testClock() } = options;
  const config = parseConfig(
    { ADMIN_TOKEN: OPERATOR_TOKEN, ...WELCOME, ...settings },
    () => "s".repeat(32),
  );
  const prefix = ++boxes;
  let ids = 0;
  const newId = () => `${prefix}-${++ids}-${Math.floor(clock()).toString(36)}`;
  const reports: ReportedEvent[] = [];
  const embedded = embeddedStores(config, {
    sql,
    clock,
    newId,
    actTime: () => new Date(clock()).toISOString(),
  });
  const assembled = assemble(config, {
    stores: (trace) => (options.wrap ?? ((stores) => stores))(embedded(trace)),
    clock,
    newId,
    random: () => 0.5,
    sleep: () => Promise.resolve(),
    report: (event) => reports.push(event),
    docsAsset: () => Promise.resolve(new TextEncoder().encode("asset")),
    allowJoin,
  });
  const sign = config.users.kind === "SECRET" ? signIn(config.users, clock) : null;
  const unfinished: Promise<unknown>[] = [];
  const context = {
    waitUntil: (task: Promise<unknown>) => void unfinished.push(task),
    passThroughOnException() {},
    props: {},
  };
  const checker = openApiChecker(assembled.app);

  async function userToken(fan: string): Promise<string> {
    if (!sign) throw new Error("this box signs in nobody");
    return await sign(fan as FanId);
  }

  async function call(method: string, path: string, sent: Sent = {}): Promise<Received> {
    const headers = new Headers(sent.headers);
    if (sent.fan) headers.set("Authorization", `Bearer ${await userToken(sent.fan)}`);
    if (sent.operator) headers.set("Authorization", `Bearer ${OPERATOR_TOKEN}`);
    if (sent.place) headers.set("Queue-Token", sent.place);
    if (sent.key) headers.set("Idempotency-Key", sent.key);
    if (sent.json !== undefined) headers.set("Content-Type", "application/json");
    const body = sent.raw ?? (sent.json === undefined ? null : JSON.stringify(sent.json));
    const request = new Request(`http://stanchion.test${path}`, { method, headers, body });
    const response = await assembled.app.fetch(request, {}, context);
    const text = await response.text();
    const isJson = /json/.test(response.headers.get("Content-Type") ?? "");
    const received = {
      status: response.status,
      body: isJson && text !== "" ? JSON.parse(text) : null,
      text,
      headers: response.headers,
    };
    checkAgainstDocument(checker, method, path, received);
    return received;
  }

  return {
    ...assembled,
    config,
    clock,
    reports,
    call,
    userToken,
    async join(fan) {
      const { body } = await call("POST", "/v1/queue/tokens", { fan });
      return body.token;
    },
    async settle() {
      while (unfinished.length > 0) await Promise.all(unfinished.splice(0));
    },
  };
}
