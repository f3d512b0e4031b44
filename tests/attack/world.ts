import fc from "fast-check";
import type { Sql } from "../../src/adapters/postgres/sql.ts";
import type { ApiBox, BoxSettings } from "../support/api_box.ts";
import { type Box, type BoxOptions, openBox } from "../support/box.ts";
import { type Operation, type RequestDocument, requestDocument } from "../requests/document.ts";
import { type Drawn, validRequests } from "../requests/requests.ts";
import { Known } from "../requests/values.ts";
import { type Wire, wireOf } from "../requests/wire.ts";
import { FANS, KNOWN_NAMES, openWorld, type World } from "../requests/world.ts";
import { openTestDatabase } from "../support/embedded_database.ts";

/** The fan who sends a request, unless another one is named. */
export const FAN = FANS[0];
export const OTHER_FAN = FANS[1];

/** A sale that goes on, with a request for every route of the document. */
export interface AttackWorld {
  readonly box: Box;
  readonly world: World;
  readonly document: RequestDocument;
  /** A request that the route takes, by a fan or an operator who may send it. */
  requestOf(operation: Operation, variant?: number): Promise<Wire>;
  close(): Promise<void>;
}

export interface AttackOptions extends Omit<BoxOptions, "settings"> {
  readonly settings?: BoxSettings;
  /** By default one in this process, of its own. */
  readonly database?: Sql;
  /** Something between the requests of the world and the box. */
  readonly wrapBox?: (box: Box) => ApiBox;
}

export async function openAttackWorld(options: AttackOptions = {}): Promise<AttackWorld> {
  const { settings: own = {}, database, wrapBox = (box) => box, ...others } = options;
  let opened: Box | undefined;
  const world = await openWorld(async () => {
    const embedded = database ? null : await openTestDatabase();
    return {
      open({ settings = {} } = {}) {
        const all = { ...others, settings: { ...settings, ...own } };
        opened = openBox(database ?? embedded!.sql, all);
        return Promise.resolve(wrapBox(opened));
      },
      close: async () => await embedded?.close(),
    };
  });
  await world.refresh();
  const document = requestDocument((await world.box.call("GET", "/openapi.json")).text);
  return {
    box: opened!,
    world,
    document,
    requestOf: async (operation, variant = 0) =>
      await wireOf(drawnFor(operation, document, variant), world),
    close: world.close,
  };
}

function drawnFor(operation: Operation, document: RequestDocument, variant: number): Drawn {
  const source = validRequests(operation, document, KNOWN_NAMES);
  const [drawn] = fc.sample(source, { seed: 18 + variant, numRuns: 1 });
  const { path, body } = drawn!;
  return {
    ...drawn!,
    path: known(path) as Drawn["path"],
    body: known(body),
    query: {},
    headers: headersOf(operation, variant),
    accept: null,
    fan: 0,
    credentials: 0,
  };
}

function headersOf({ parameters = [], operationId }: Operation, variant: number) {
  const hasKey = parameters.some(({ name }) => name === "Idempotency-Key");
  return hasKey ? { "Idempotency-Key": `${operationId}-${variant}` } : {};
}

/** The same value, with what the world has wherever it has something of that name. */
function known(value: unknown): unknown {
  if (value instanceof Known || typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(known);
  return Object.fromEntries(
    Object.entries(value).map(([name, part]) => {
      const single = name.replace(/s$/, "");
      if (Array.isArray(part) && KNOWN_NAMES.has(single) && single !== name) {
        return [name, [new Known(single, 0, part[0])]];
      }
      const has = KNOWN_NAMES.has(name) && typeof part !== "object";
      return [name, has ? new Known(name, 0, part) : known(part)];
    }),
  );
}

/** The answer of a request, which is checked against the document. */
export function send(box: ApiBox, { method, path, headers, body }: Wire) {
  return box.call(method, path, { headers, ...(body === null ? {} : { raw: body }) });
}

/** The same request with other headers; null takes one away. */
export function withHeaders(wire: Wire, changes: Readonly<Record<string, string | null>>): Wire {
  const headers = Object.fromEntries(
    Object.entries({ ...wire.headers, ...changes }).filter(([, value]) => value !== null),
  ) as Record<string, string>;
  return { ...wire, headers };
}
