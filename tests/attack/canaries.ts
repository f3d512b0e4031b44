import { Buffer } from "node:buffer";
import fc from "fast-check";
import { type FanId, MAIN_ROOM } from "../../src/domain/ids.ts";
import { createQueueTokens } from "../../src/http/auth/queue_tokens.ts";
import { requestDocument } from "../requests/document.ts";
import { validRequests } from "../requests/requests.ts";
import { bodyText, encoded } from "../requests/wire.ts";
import { hmacSigned } from "./tokens.ts";

const run = crypto.randomUUID().replaceAll("-", "");
/** A secret that is found wherever it comes out. */
const canary = (name: string) => `canary-${name}-${run}`;

/** Every secret of a deployment. */
export const SECRETS = {
  ADMIN_TOKEN: canary("operator"),
  DOOR_TOKEN: canary("door"),
  QUEUE_TOKEN_SECRET: canary("queue"),
  SIGNING_KEY: `${run}${run}`,
  USER_JWT_SECRET: canary("user"),
  UPSTASH_REDIS_REST_TOKEN: canary("redis"),
} as const;
export const DATABASE_PASSWORD = canary("database");

export const SECRET_SETTINGS: Readonly<Record<string, string>> = {
  ADMIN_TOKEN: `anna:${SECRETS.ADMIN_TOKEN}`,
  DOOR_TOKEN: `north:${SECRETS.DOOR_TOKEN}`,
  QUEUE_TOKEN_SECRET: SECRETS.QUEUE_TOKEN_SECRET,
  SIGNING_KEY: SECRETS.SIGNING_KEY,
  USER_JWT_SECRET: SECRETS.USER_JWT_SECRET,
  ADMISSION_AUDIENCES: "https://shop.example.com",
  ADMISSION_ISSUER: "https://line.example.com",
};

/** The settings of stores behind this address. */
export function remoteSettings(port: number): Record<string, string> {
  return {
    UPSTASH_REDIS_REST_URL: `http://127.0.0.1:${port}`,
    UPSTASH_REDIS_REST_TOKEN: SECRETS.UPSTASH_REDIS_REST_TOKEN,
    DATABASE_URL: `postgresql://stanchion:${DATABASE_PASSWORD}@127.0.0.1:${port}/stanchion`,
  };
}

/** The fan of the requests. Names of fans are in no log either. */
export const FAN = `canary-fan-${run}`;

export const USER_TOKEN = hmacSigned({
  header: { alg: "HS256", typ: "JWT" },
  claims: { sub: FAN, exp: Math.floor(Date.now() / 1000) + 24 * 3600 },
}, SECRETS.USER_JWT_SECRET);

/** A place of the fan, which the line need not know. */
export const QUEUE_TOKEN = createQueueTokens([SECRETS.QUEUE_TOKEN_SECRET]).sign({
  room: MAIN_ROOM,
  fan: FAN as FanId,
  order: 1,
  epoch: "epoch",
  madeAtMs: Date.now(),
  isNear: true,
  pseudonym: null,
  isDrawn: false,
});

/** Every way in which a secret may be written. */
function spellings(secret: string): string[] {
  const bytes = [
    Buffer.from(secret),
    ...(/^[0-9a-f]{64}$/.test(secret) ? [Buffer.from(secret, "hex")] : []),
  ];
  return [
    secret,
    ...bytes.flatMap((each) => [
      each.toString("base64url").slice(0, -2),
      each.toString("base64").replace(/..?=*$/, ""),
      each.toString("hex"),
    ]),
  ];
}

/** The secrets that a text shows, by their names. */
export function secretsIn(text: string, more: Readonly<Record<string, string>> = {}): string[] {
  const all = { ...SECRETS, DATABASE_PASSWORD, ...more };
  return Object.entries(all)
    .filter(([, secret]) => spellings(secret).some((spelling) => text.includes(spelling)))
    .map(([name]) => name);
}

export interface Sent {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
}

/** An answer as one text: its head, and its body. */
export interface Shown {
  readonly sent: Sent;
  readonly status: number;
  readonly body: string;
  readonly text: string;
}

export type Ask = (sent: Sent) => Promise<Shown>;

/** A request and all of its answer. */
export async function shown(sent: Sent, response: Response): Promise<Shown> {
  const body = await response.text();
  const head = [...response.headers].map(([name, value]) => `${name}: ${value}`).join("\n");
  return { sent, status: response.status, body, text: `${head}\n\n${body}` };
}

const PAGES = [
  "/",
  "/line",
  "/line?room=x",
  "/shop",
  "/ops",
  "/tickets",
  "/docs",
  "/openapi.json",
  "/nowhere",
];

/** Sends every route of the document with good, bad and no credentials, and asks every page. */
export async function driveAll(ask: Ask, place: string): Promise<Shown[]> {
  const all: Shown[] = [];
  const keep = async (sent: Sent) => void all.push(await ask(sent));
  const text = (await ask({ method: "GET", path: "/openapi.json", headers: {}, body: null })).body;
  const document = requestDocument(text);
  const bearer = (token: string) => ({ Authorization: `Bearer ${token}` });
  const credentials: Record<string, string>[] = [
    {},
    { ...bearer(`${USER_TOKEN}x`), "Queue-Token": `${place}x` },
    { ...bearer(USER_TOKEN), "Queue-Token": place },
    { ...bearer(SECRETS.ADMIN_TOKEN), "Queue-Token": place },
    bearer(SECRETS.DOOR_TOKEN),
  ];
  for (const operation of document.operations) {
    const drawn = fc.sample(validRequests(operation, document, new Set()), { seed: 6, numRuns: 1 });
    for (const [index, one] of drawn.entries()) {
      const path = operation.path.replaceAll(/\{(\w+)\}/g, (_, name) => encoded(one.path[name]));
      const type: Record<string, string> = one.mediaType ? { "Content-Type": one.mediaType } : {};
      for (const headers of credentials) {
        const body = operation.method === "GET" ? null : bodyText(one.body);
        const key = { "Idempotency-Key": `k${index}` };
        await keep({
          method: operation.method,
          path,
          headers: { ...headers, ...type, ...key },
          body,
        });
        if (body !== null) {
          const broken = {
            method: operation.method,
            path,
            headers: { ...headers, ...type },
            body: "{",
          };
          await keep(broken);
        }
      }
    }
  }
  const cookie = { Cookie: `line-fan=${USER_TOKEN}; line-place=${place}` };
  for (const path of PAGES) {
    for (const headers of [{}, cookie]) await keep({ method: "GET", path, headers, body: null });
  }
  for (const token of ["junk", USER_TOKEN]) {
    const headers = { "Sec-Fetch-Site": "same-origin" };
    await keep({ method: "POST", path: "/line", headers, body: `access_token=${token}` });
  }
  return all;
}
