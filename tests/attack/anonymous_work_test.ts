import { deepEqual, equal, ok } from "node:assert/strict";
import type { Operation } from "../requests/document.ts";
import { intercepted } from "./intercepted.ts";
import { needsOf } from "./needs.ts";
import { type AttackWorld, openAttackWorld } from "./world.ts";

/** Requests of one route in one second. */
const REQUESTS = 10;
const SECOND_MS = 1_000;

interface Work {
  redis: number;
  postgres: number;
}

/** What a stranger asks: a route of the application, the parts of its path filled. */
interface Asked {
  readonly name: string;
  readonly method: string;
  readonly path: string;
}

let work: Work = { redis: 0, postgres: 0 };
let attacked: AttackWorld;
Deno.test.beforeAll(async () => {
  attacked = await openAttackWorld({
    settings: { FAILED_CREDENTIALS_PER_MINUTE: "1000000" },
    wrap: (stores) => intercepted(stores, (store) => void work[store]++),
  });
});
Deno.test.afterAll(() => attacked.close());

/** What the stores did for so many requests, what follows the answers with it. */
async function workOf(act: () => Promise<unknown>): Promise<Work> {
  await attacked.box.settle();
  work = { redis: 0, postgres: 0 };
  await act();
  await attacked.box.settle();
  return work;
}

const isOpen = (operation: Operation) => {
  const { bearers, queueToken } = needsOf(operation);
  return bearers.length === 0 && queueToken === "NEVER";
};

/** Every route outside of the document: pages, and files. */
function pages(): Asked[] {
  const documented = new Set(
    attacked.document.operations.map(({ path }) => path.replaceAll(/\{(\w+)\}/g, ":$1")),
  );
  return attacked.box.routes
    .filter(({ method, path }) => method !== "ALL" && method !== "OPTIONS" && !documented.has(path))
    .map(({ method, path }) => ({
      name: `${method} ${path}`,
      method,
      path: path.replaceAll(/:\w+(\{[^}]*\})?/g, "x"),
    }));
}

function operations(fill: string): Asked[] {
  return attacked.document.operations.filter(isOpen).map(({ method, path }) => ({
    name: `${method} ${path}`,
    method,
    path: path.replaceAll(/\{\w+\}/g, fill),
  }));
}

async function ask({ method, path }: Asked, headers: Record<string, string> = {}): Promise<number> {
  const body = method === "GET" ? {} : { raw: "access_token=junk" };
  const { status } = await attacked.box.call(method, path, { headers, ...body });
  return status;
}

Deno.test("a request without its credential, or with junk, asks no store at any route", async () => {
  const place = "x.y.z";
  let asked = 0;
  const did = await workOf(async () => {
    for (const operation of attacked.document.operations.filter((one) => !isOpen(one))) {
      const { method } = operation;
      const path = operation.path.replaceAll(/\{\w+\}/g, "1");
      for (const headers of [{}, { Authorization: "Bearer junk", "Queue-Token": place }]) {
        const { status } = await attacked.box.call(method, path, { headers });
        ok(status === 401, `${operation.operationId}: ${status}`);
        asked++;
      }
    }
  });
  deepEqual(did, { redis: 0, postgres: 0 });
  ok(asked > 100, `${asked} requests`);
});

/** What one request of a stranger costs, once what an isolate keeps for a second is kept. */
const COST: Readonly<Record<string, Work>> = {
  // Numbers of this moment.
  "GET /v1/queue": { redis: 1, postgres: 0 },
  "GET /v1/rooms/{room}/draw": { redis: 1, postgres: 0 },
  // A question for each dependency is what it is for.
  "GET /readyz": { redis: 1, postgres: 1 },
};

Deno.test("what a stranger can make the stores do by one request, at every route", async () => {
  for (const asked of [...operations("main"), ...pages()]) {
    await ask(asked); // What is cached is filled by whoever comes first.
    const did = await workOf(async () => {
      for (let sent = 0; sent < REQUESTS; sent++) await ask(asked);
    });
    const { redis, postgres } = COST[asked.name] ?? { redis: 0, postgres: 0 };
    deepEqual(did, { redis: redis * REQUESTS, postgres: postgres * REQUESTS }, asked.name);
  }
  const names = new Set([...operations("main"), ...pages()].map(({ name }) => name));
  for (const name of Object.keys(COST)) ok(names.has(name), `${name} is no route`);
});

Deno.test("all names that do not exist cost one act a second together (D4)", async () => {
  const did = await workOf(async () => {
    for (let sent = 0; sent < REQUESTS; sent++) {
      const name = `nobody-${sent}`;
      for (const asked of operations(name).filter(({ path }) => path.includes(name))) {
        equal(await ask(asked), 404, asked.name);
      }
      for (const asked of [...operations(name), ...pages()]) {
        if (asked.name in COST && !asked.name.includes("queue")) continue;
        for (
          const query of [
            `room=${name}`,
            `concertId=${sent}`,
            `cursor=${name}`,
            `limit=${sent + 1}`,
          ]
        ) {
          ok(await ask({ ...asked, path: `${asked.path}?${query}` }) < 500, asked.name);
        }
      }
    }
  });
  ok(did.redis + did.postgres <= 1, JSON.stringify(did));
});

Deno.test("a second later it is one act again, and not one of PostgreSQL while Redis knows the rooms", async () => {
  for (let second = 0; second < 5; second++) {
    attacked.box.clock.advance(SECOND_MS);
    const did = await workOf(async () => {
      for (let sent = 0; sent < REQUESTS; sent++) {
        await attacked.box.call("GET", `/v1/rooms/none-${sent}`);
      }
    });
    ok(did.redis + did.postgres <= 1, JSON.stringify(did));
  }
});
