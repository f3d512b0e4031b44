import { OPERATOR_TOKEN } from "../support/api_box.ts";
import type { Drawn } from "./requests.ts";
import { DOOR_TOKEN, FANS, type World } from "./world.ts";

/** A request as it is sent. */
export interface Wire {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array<ArrayBuffer> | null;
}

/** No client can send these as a part of a path: they are resolved before. */
const UNSENDABLE = [".", ".."];

export function encoded(value: unknown): string {
  const text = String(value).toWellFormed();
  return UNSENDABLE.includes(text) ? "x" : encodeURIComponent(text);
}

async function credentialsOf(drawn: Drawn, world: World): Promise<Record<string, string>> {
  const { security = [] } = drawn.operation;
  if (security.length === 0) return {};
  const fan = FANS[drawn.fan % FANS.length]!;
  const headers: Record<string, string> = {};
  for (const scheme of Object.keys(security[drawn.credentials % security.length]!)) {
    if (scheme === "queueToken") headers["Queue-Token"] = world.places.get(fan)!;
    else if (scheme === "operatorToken") headers["Authorization"] = `Bearer ${OPERATOR_TOKEN}`;
    else if (scheme === "doorToken") headers["Authorization"] = `Bearer ${DOOR_TOKEN}`;
    else headers["Authorization"] = `Bearer ${await world.box.userToken(fan)}`;
  }
  return headers;
}

/** What a body is sent as. */
export function bodyText(body: unknown): string | null {
  if (body === undefined) return null;
  return typeof body === "string" ? body : JSON.stringify(body);
}

/** The request with what the world has at this moment. */
export async function wireOf(drawn: Drawn, world: World): Promise<Wire> {
  const { operation, mediaType, accept } = drawn;
  const [path, query, given, body] = [drawn.path, drawn.query, drawn.headers, drawn.body]
    .map((part) => world.filled(part)) as [
      Record<string, unknown>,
      Record<string, unknown>,
      Record<string, unknown>,
      unknown,
    ];
  const filledPath = operation.path.replaceAll(/\{(\w+)\}/g, (_, name) => encoded(path[name]));
  const parameters = Object.entries(query)
    .map(([name, value]) => `${name}=${encodeURIComponent(String(value).toWellFormed())}`);
  const headers = Object.entries(given).map(([name, value]) => [name, String(value)]);
  return {
    method: operation.method,
    path: [filledPath, ...parameters.length > 0 ? [parameters.join("&")] : []].join("?"),
    headers: {
      ...Object.fromEntries(headers),
      ...await credentialsOf(drawn, world),
      ...(mediaType === null ? {} : { "Content-Type": mediaType }),
      ...(accept === null ? {} : { Accept: accept }),
    },
    body: bodyText(body),
  };
}
