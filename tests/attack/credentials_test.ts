import { deepEqual, equal, match, ok } from "node:assert/strict";
import type { Received } from "../support/api_box.ts";
import type { Operation } from "../requests/document.ts";
import type { Wire } from "../requests/wire.ts";
import type { World } from "../requests/world.ts";
import { needsOf } from "./needs.ts";
import { claimsOf } from "./tokens.ts";
import { type IdentityProvider, keySetProvider, secretProvider, withProvider } from "./users.ts";
import { type AttackWorld, FAN, openAttackWorld, OTHER_FAN, send, withHeaders } from "./world.ts";
import { bearerAttacks, type Material, wrongQueueTokens } from "./wrong_bearers.ts";

const SIGNING_KEY = "5".repeat(64);
const QUEUE_TOKEN_SECRET = "q".repeat(32);

async function openWith(provider: IdentityProvider): Promise<AttackWorld> {
  return await openAttackWorld({
    // The limit of failures has tests of its own.
    settings: { ...provider.settings, FAILED_CREDENTIALS_PER_MINUTE: "1000000" },
    wrapBox: (box) => withProvider(box, provider),
  });
}

async function materialOf(
  { world }: AttackWorld,
  { sign, forgeries }: IdentityProvider,
): Promise<Material> {
  const { box, places } = world;
  const userToken = await box.userToken(FAN);
  const queueToken = places.get(FAN)!;
  const issued = await box.call("POST", "/v1/queue/admissions", {
    fan: FAN,
    place: queueToken,
    json: {},
  });
  equal(issued.status, 201);
  return {
    nowMs: box.clock(),
    fan: FAN,
    userToken,
    queueToken,
    admission: issued.body.admission,
    ticketCode: await aCode(world),
    signingKey: SIGNING_KEY,
    sign,
    others: await forgeries(claimsOf(userToken)),
  };
}

/** The code of a ticket that some fan of the world has bought. */
async function aCode({ box, places }: World): Promise<string> {
  for (const fan of places.keys()) {
    const { body } = await box.call("GET", "/v1/tickets", { fan });
    if (body.items.length > 0) return body.items[0].code;
  }
  throw new Error("nobody has bought a ticket");
}

function assertRefused(
  { status, body, headers }: Received,
  [wantedStatus, wantedCode]: readonly [number, string],
  label: string,
): void {
  deepEqual([status, body?.code], [wantedStatus, wantedCode], label);
  equal(
    headers.get("WWW-Authenticate"),
    wantedStatus === 401 ? challengeOf(wantedCode) : null,
    label,
  );
}

const challengeOf = (code: string) => code === "UNAUTHENTICATED" ? "Bearer" : "Queue-Token";

/** Sends a route with every wrong `Authorization`. Gives how many were sent. */
async function attackBearer(
  { world }: AttackWorld,
  operation: Operation,
  wire: Wire,
  material: Material,
): Promise<number> {
  const { bearers } = needsOf(operation);
  let sent = 0;
  for (const { name, value, goodFor } of bearerAttacks(material)) {
    if (bearers.some((scheme) => goodFor.includes(scheme))) continue;
    const label = `${operation.operationId} with ${name}`;
    const answer = await send(world.box, withHeaders(wire, { Authorization: value }));
    if (bearers.length === 0) ok(![401, 403].includes(answer.status), label);
    else assertRefused(answer, [401, "UNAUTHENTICATED"], label);
    sent++;
  }
  return sent;
}

/** The same for the `Queue-Token`. */
async function attackPlace(
  { world }: AttackWorld,
  operation: Operation,
  wire: Wire,
  material: Material,
): Promise<number> {
  const { bearers, queueToken } = needsOf(operation);
  if (queueToken === "NEVER") return 0;
  const { operationId } = operation;
  const ask = (value: string | null) =>
    send(world.box, withHeaders(wire, { "Queue-Token": value }));
  const wrong = wrongQueueTokens(material, QUEUE_TOKEN_SECRET);
  for (const [name, token] of Object.entries(wrong)) {
    assertRefused(await ask(token), [401, "QUEUE_TOKEN_INVALID"], `${operationId} with ${name}`);
  }
  for (const none of queueToken === "MUST" ? [null, ""] : []) {
    assertRefused(await ask(none), [401, "QUEUE_TOKEN_REQUIRED"], `${operationId} without a place`);
  }
  if (bearers.length > 0) {
    const others = await ask(world.places.get(OTHER_FAN)!);
    assertRefused(others, [403, "QUEUE_TOKEN_MISMATCH"], `${operationId} with another fan's place`);
  }
  return Object.keys(wrong).length + 3;
}

/** A place in another room opens no concert of this one. */
async function attackFromOtherRoom(
  { world: { box }, requestOf }: AttackWorld,
  operation: Operation,
  place: string,
): Promise<number> {
  const { operationId, path } = operation;
  const { bearers, queueToken } = needsOf(operation);
  const { body } = await requestOf(operation);
  const namesConcert = /\bconcertId\b/.test(`${path} ${body}`);
  if (queueToken !== "MUST" || bearers.length === 0 || !namesConcert) return 0;
  // A body that the schema allows may still be refused before the place is looked at.
  for (let variant = 0; variant < 10; variant++) {
    const wire = withHeaders(await requestOf(operation, variant), { "Queue-Token": place });
    const answer = await send(box, wire);
    if (answer.status === 400) continue;
    deepEqual([answer.status, answer.body?.code], [403, "WRONG_ROOM"], operationId);
    return 1;
  }
  throw new Error(`${operationId} took no request`);
}

async function placeInOtherRoom({ world: { box } }: AttackWorld): Promise<string> {
  const json = { room: "other" };
  equal((await box.call("POST", "/v1/admin/rooms", { operator: true, json })).status, 201);
  const { body } = await box.call("POST", "/v1/queue/tokens", { fan: FAN, json });
  equal(body.state, "ADMITTED");
  return body.token;
}

for (
  const [name, provide] of [["USER_JWT_SECRET", secretProvider], [
    "USER_JWKS_URL",
    keySetProvider,
  ]] as const
) {
  Deno.test(`every route refuses every wrong credential, with ${name}`, async () => {
    const provider = await provide();
    const attacked = await openWith(provider);
    const { document, world } = attacked;
    const elsewhere = await placeInOtherRoom(attacked);
    const material = await materialOf(attacked, provider);
    let sent = 0;
    let fromElsewhere = 0;
    for (const operation of document.operations) {
      const wire = await attacked.requestOf(operation);
      // A good request passes the doors, so each refusal is that of the one wrong credential.
      const { bearers, queueToken } = needsOf(operation);
      sent += await attackBearer(attacked, operation, wire, material);
      const withPlace = queueToken === "MAY"
        ? withHeaders(wire, { "Queue-Token": material.queueToken })
        : wire;
      sent += await attackPlace(attacked, operation, withPlace, material);
      fromElsewhere += await attackFromOtherRoom(attacked, operation, elsewhere);
      if (bearers.length === 0 && queueToken === "NEVER") continue;
      const { status } = await send(world.box, wire);
      ok(status !== 401, `${operation.operationId} refuses a good credential`);
    }
    ok(sent > document.operations.length * 40, `${sent} requests`);
    ok(fromElsewhere >= 5, `${fromElsewhere} requests from another room`);
    await world.close();
    await provider.close();
  });
}

Deno.test("every route of the application is in its document, or is a page or a file for everybody", async () => {
  const { box, document, close } = await openAttackWorld();
  const documented = new Set(
    document.operations.map(({ method, path }) =>
      `${method} ${path.replaceAll(/\{(\w+)\}/g, ":$1")}`
    ),
  );
  const others = new Set(
    box.routes.filter(({ method, path }) =>
      // Those for all methods are middleware, and the answer to other methods.
      method !== "ALL" && method !== "OPTIONS" && !documented.has(`${method} ${path}`)
    ).map(({ method, path }) => `${method} ${path}`),
  );
  deepEqual([...others].sort(), [
    "GET /",
    "GET /assets/:name",
    "GET /docs",
    "GET /docs/:folder{api|guides}/:name{[a-z-]+}",
    "GET /docs/problems",
    "GET /line",
    "GET /openapi.json",
    "GET /ops",
    "GET /shop",
    "GET /tickets",
    "POST /line",
  ]);
  for (const operation of document.operations) needsOf(operation);
  await close();
});

Deno.test("a route with a scheme that no attack has fails", () => {
  const operation = { operationId: "new", method: "GET", path: "/", security: [{ apiKey: [] }] };
  let message = "";
  try {
    needsOf(operation);
  } catch (error) {
    message = (error as Error).message;
  }
  match(message, /new needs apiKey/);
});
