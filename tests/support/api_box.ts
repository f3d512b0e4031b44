import { type Config, parseConfig } from "../../src/config.ts";
import type { FanId } from "../../src/domain/ids.ts";
import { createSignIn } from "../../src/local/sign_in.ts";
import { checkAgainstDocument, type OpenApiChecker, openApiChecker } from "./openapi_checker.ts";
import type { TestClock } from "./test_clock.ts";

export const OPERATOR_TOKEN = "an-operator-token-of-at-least-32-bytes";
/** The address from which the requests to a box in this process come. */
export const BOX_ADDRESS = "192.0.2.7";
/** When the clock of every box starts. */
export const BOX_STARTS_MS = Date.parse("2026-12-01T10:00:00.000Z");

/** Nothing has this id. */
export const UNKNOWN_ID = 999_999_999;

const run = crypto.randomUUID().slice(0, 8);
let fans = 0;

/** A fan whom no other test knows, though many tests, and many runs, share one database. */
export function newFan(name: string): string {
  return `${name} ${run}.${++fans}`;
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

/** Settings of a box that differ from `BOX_SETTINGS`; an empty text takes one away. */
export type BoxSettings = Readonly<Record<string, string>>;

/**
 * Stanchion as anybody may drive it from outside, wherever it runs: with settings, a line and a
 * cache of its own, over the database that all boxes of a target share.
 */
export interface ApiBox {
  readonly config: Config;
  /** What the box takes for the present time. Nothing else moves it. */
  readonly clock: TestClock;
  /** One request and its answer, which is checked against the box's own OpenAPI document. */
  call(method: string, path: string, sent?: Sent): Promise<Received>;
  /** One request to `origin` as it is; its answer is not checked. */
  fetch(request: Request): Promise<Response>;
  userToken(fan: string): Promise<string>;
  /** Joins the line and gives the queue token. */
  join(fan: string): Promise<string>;
  /** Waits for all that follows the answers given so far. */
  settle(): Promise<void>;
  /** What the cron does every minute. */
  tick(): Promise<unknown>;
  /** Forgets the line and the cache, as a wiped Redis would. */
  wipeLine(): Promise<void>;
  close(): Promise<void>;
}

/** Where boxes run: one database, and as many boxes over it as are asked for. */
export interface ApiTarget {
  open(options?: { readonly settings?: BoxSettings }): Promise<ApiBox>;
  close(): Promise<void>;
}

/** The settings of every box of every target. Self-charging is named, for its default differs. */
const BOX_SETTINGS = {
  ADMIN_TOKEN: OPERATOR_TOKEN,
  ALLOW_SELF_CHARGE: "true",
  QUEUE_TOKEN_SECRET: "q".repeat(32),
  SIGNING_KEY: "5".repeat(64),
  USER_JWT_SECRET: "u".repeat(32),
};

/** The environment of a box: for a process, or for a Worker's vars. */
export function boxEnvironment(settings: BoxSettings = {}): Record<string, string> {
  return { ...BOX_SETTINGS, ...settings };
}

export function boxConfig(settings: BoxSettings = {}): Config {
  return parseConfig(boxEnvironment(settings), () => "5".repeat(64));
}

export interface ApiBoxParts extends Omit<ApiBox, "call" | "fetch" | "userToken" | "join"> {
  /** Scheme, host and port; `fetch` gets requests to it. */
  readonly origin?: string;
  /** Carries one request to the box. Asked again for each, so it may tell the box the time. */
  readonly fetch: (request: Request) => Promise<Response>;
}

/** What is the same over every target: requests, their credentials, and the check of each answer. */
export function apiBoxOver(
  { fetch, origin = "http://stanchion.test", ...parts }: ApiBoxParts,
): ApiBox {
  const { config, clock } = parts;
  const sign = config.users.kind === "SECRET" ? createSignIn(config.users, clock) : null;
  let checker: Promise<OpenApiChecker> | undefined;

  async function readDocument(): Promise<OpenApiChecker> {
    const response = await fetch(new Request(`${origin}/openapi.json`));
    return openApiChecker(await response.text());
  }

  async function userToken(fan: string): Promise<string> {
    if (!sign) throw new Error("this box signs in nobody");
    return await sign(fan as FanId);
  }

  async function call(method: string, path: string, sent: Sent = {}): Promise<Received> {
    const headers = new Headers(sent.headers);
    if (sent.fan) headers.set("Authorization", `Bearer ${await userToken(sent.fan)}`);
    if (sent.operator) headers.set("Authorization", `Bearer ${config.operators[0]!.token}`);
    if (sent.place) headers.set("Queue-Token", sent.place);
    if (sent.key) headers.set("Idempotency-Key", sent.key);
    if (sent.json !== undefined) headers.set("Content-Type", "application/json");
    const body = sent.raw ?? (sent.json === undefined ? null : JSON.stringify(sent.json));
    const request = { method, headers, body, redirect: "manual" } as const;
    const response = await fetch(new Request(`${origin}${path}`, request));
    const text = await response.text();
    const isJson = /json/.test(response.headers.get("Content-Type") ?? "");
    const received = {
      status: response.status,
      body: isJson && text !== "" ? JSON.parse(text) : null,
      text,
      headers: response.headers,
    };
    checkAgainstDocument(await (checker ??= readDocument()), method, path, received);
    return received;
  }

  return {
    ...parts,
    fetch,
    call,
    userToken,
    async join(fan) {
      const { body } = await call("POST", "/v1/queue/tokens", { fan });
      return body.token;
    },
  };
}
