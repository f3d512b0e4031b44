import { deepEqual, equal, ok } from "node:assert/strict";
import { DependencyError } from "../../src/domain/failures.ts";
import type { Received } from "../support/api_box.ts";
import { startTestPostgres, type TestPostgres } from "../support/postgres_server.ts";
import type { Operation } from "../requests/document.ts";
import { FANS } from "../requests/world.ts";
import { intercepted, type Store } from "./intercepted.ts";
import { needsOf } from "./needs.ts";
import { keySetProvider, withProvider } from "./users.ts";
import { type AttackWorld, openAttackWorld, send, withHeaders } from "./world.ts";

// What no generated request brings about. `call()` checks each answer against its own schema.

const VARIANTS = 12;
const A_CACHE_MS = 61_000;

let postgres: TestPostgres | undefined;
Deno.test.beforeAll(async () => {
  postgres = await startTestPostgres();
});
Deno.test.afterAll(() => postgres?.stop());

/** The operations whose document has this status. */
function namesWith(attacked: AttackWorld, status: number): string[] {
  const { paths } = JSON.parse(attacked.document.text);
  return attacked.document.operations
    .filter(({ path, method }) => status in paths[path][method.toLowerCase()].responses)
    .map(({ operationId }) => operationId);
}

function assertRetry({ headers, text }: Received, label: string): void {
  ok(/^[1-9]\d*$/.test(headers.get("Retry-After") ?? ""), `${label}: ${text}`);
}

/** The first answer that is not a fault of the generated body. */
async function firstTaken(
  attacked: AttackWorld,
  operation: Operation,
  isWanted: (answer: Received) => boolean,
): Promise<Received> {
  let latest: Received | undefined;
  for (let variant = 0; variant < VARIANTS; variant++) {
    latest = await send(attacked.world.box, await attacked.requestOf(operation, variant));
    if (isWanted(latest)) return latest;
  }
  return latest!;
}

Deno.test("while stores fail, every route that needs them is DEPENDENCY_UNAVAILABLE, and no other", async () => {
  const down = new Set<Store>();
  let asked = 0;
  const attacked = await openAttackWorld({
    wrap: (stores) =>
      intercepted(stores, (store) => {
        asked++;
        if (down.has(store)) throw new DependencyError(store, new Error("away"));
      }),
  });
  const unavailable = new Set<string>();
  for (const away of [["redis"], ["postgres"], ["redis", "postgres"]] as const) {
    for (const store of away) down.add(store);
    for (const operation of attacked.document.operations) {
      asked = 0;
      attacked.box.clock.advance(A_CACHE_MS); // What this isolate keeps is old.
      const isUnavailable = ({ status }: Received) => status === 503;
      const answer = await firstTaken(attacked, operation, isUnavailable);
      if (!isUnavailable(answer)) continue;
      equal(answer.body.code, "DEPENDENCY_UNAVAILABLE");
      assertRetry(answer, operation.operationId);
      ok(asked > 0);
      unavailable.add(operation.operationId);
    }
    down.clear();
  }
  deepEqual([...unavailable].sort(), namesWith(attacked, 503).sort());
  await attacked.close();
});

Deno.test("without the keys of user tokens, every route of fans is DEPENDENCY_UNAVAILABLE", async () => {
  const provider = await keySetProvider();
  await provider.close();
  const attacked = await openAttackWorld({
    settings: provider.settings,
    wrapBox: (box) => withProvider(box, provider),
  });
  let refused = 0;
  for (const operation of attacked.document.operations) {
    if (!needsOf(operation).bearers.includes("userToken")) continue;
    const wire = withHeaders(await attacked.requestOf(operation), { "Queue-Token": null });
    const answer = await send(attacked.world.box, wire);
    deepEqual(
      [answer.status, answer.body.code],
      [503, "DEPENDENCY_UNAVAILABLE"],
      operation.operationId,
    );
    assertRetry(answer, operation.operationId);
    refused++;
  }
  ok(refused > 15, `${refused} routes`);
  await attacked.close();
});

Deno.test("every route with credentials is RATE_LIMITED for too many that fail, and the join for too many joins", async () => {
  let mayJoin = true;
  const attacked = await openAttackWorld({
    settings: { FAILED_CREDENTIALS_PER_MINUTE: "1" },
    limitJoins: () => Promise.resolve(mayJoin ? null : 9),
  });
  const { world: { box } } = attacked;
  const limited: string[] = [];
  for (const operation of attacked.document.operations) {
    const { bearers, queueToken } = needsOf(operation);
    if (bearers.length === 0 && queueToken === "NEVER") continue;
    const header = bearers.length > 0 ? "Authorization" : "Queue-Token";
    const wire = withHeaders(await attacked.requestOf(operation), { [header]: "Bearer junk" });
    await send(box, wire);
    const answer = await send(box, wire);
    deepEqual([answer.status, answer.body.code], [429, "RATE_LIMITED"], operation.operationId);
    assertRetry(answer, operation.operationId);
    limited.push(operation.operationId);
  }
  deepEqual(limited.sort(), namesWith(attacked, 429).sort());
  mayJoin = false;
  const joined = await box.call("POST", "/v1/queue/tokens", { fan: FANS[2] });
  deepEqual([joined.status, joined.body.code, joined.headers.get("Retry-After")], [
    429,
    "RATE_LIMITED",
    "9",
  ]);
  await attacked.close();
});

/** Takes the locks that a first send with these keys has while it is at work. */
async function lockKeys(
  sql: (text: string, params: string[]) => Promise<unknown>,
  operations: readonly Operation[],
): Promise<void> {
  await sql("begin", []);
  for (const { method, path, operationId } of operations) {
    for (const caller of [`fan:${FANS[0]}`, "operator:operator"]) {
      for (let variant = 0; variant < VARIANTS; variant++) {
        const name = `${caller} ${method.toLowerCase()} ${path} ${operationId}-${variant}`;
        await sql("select pg_advisory_xact_lock(1, hashtext($1::text))", [name]);
      }
    }
  }
}

Deno.test("while the first call is in the air, every route with a key is IDEMPOTENCY_IN_PROGRESS after 2 s", async () => {
  const database = await postgres!.createDatabase(20);
  const attacked = await openAttackWorld({ database: database.sql });
  const withKey = attacked.document.operations.filter(({ parameters = [] }) =>
    parameters.some(({ name }) => name === "Idempotency-Key")
  );
  ok(withKey.length >= 10, `${withKey.length} routes`);
  const session = await database.connect();
  await lockKeys(session.sql, withKey);
  const isTaken = ({ body }: Received) => body?.code === "IDEMPOTENCY_IN_PROGRESS";
  const answers = await Promise.all(
    withKey.map(async (operation) => ({
      name: operation.operationId,
      answer: await firstTaken(attacked, operation, isTaken),
    })),
  );
  for (const { name, answer: { status, body, text } } of answers) {
    deepEqual([status, body?.code], [409, "IDEMPOTENCY_IN_PROGRESS"], `${name}: ${text}`);
  }
  await session.sql("rollback", []);
  for (const operation of withKey) {
    const answer = await firstTaken(attacked, operation, ({ status }) => status < 300);
    ok(!isTaken(answer), `${operation.operationId} once the key is free`);
  }
  await session.close();
  await attacked.close();
  await database.close();
});
