import { deepEqual, equal, ok } from "node:assert/strict";
import type { Received } from "../support/api_box.ts";
import { charge, holdSeats, pay, putOnSale } from "../support/sale.ts";
import type { Operation } from "../requests/document.ts";
import type { Wire } from "../requests/wire.ts";
import { needsOf } from "./needs.ts";
import { type AttackWorld, FAN, openAttackWorld, OTHER_FAN, send, withHeaders } from "./world.ts";

/** Ids of what belongs to one fan, and the code for somebody else. */
const OWNED: Readonly<Record<string, string>> = {
  reservationId: "RESERVATION_NOT_FOUND",
  paymentId: "PAYMENT_NOT_FOUND",
  ticketId: "TICKET_NOT_FOUND",
};
/** Ids of what is nobody's. */
const OF_EVERYBODY = ["concertId", "scheduleId", "room"];
const UNKNOWN = "00000000-0000-4000-8000-000000000000";

type Ids = Readonly<Record<string, string>>;

let attacked: AttackWorld;
let things: readonly Ids[];
Deno.test.beforeAll(async () => {
  attacked = await openAttackWorld();
  things = await purchase(attacked);
});
Deno.test.afterAll(() => attacked.close());

/** What the fan owns: a hold, and a purchase. */
async function purchase({ world: { box } }: AttackWorld): Promise<readonly Ids[]> {
  const sale = await putOnSale(box, { dates: [4], price: 10 });
  const place = await box.join(FAN);
  const { seatIds } = sale.schedules[0]!;
  await charge(box, FAN, 1_000);
  const [paid, held] = await holdSeats(box, FAN, place, sale, seatIds.slice(0, 2));
  const { body } = await pay(box, FAN, [paid!], "theirs");
  const tickets = await box.call("GET", "/v1/tickets?limit=1", { fan: FAN });
  const { paymentId } = body.payments[0];
  const { ticketId } = tickets.body.items[0];
  return [
    { reservationId: held!, paymentId, ticketId },
    { reservationId: paid!, paymentId, ticketId },
  ];
}

function pathIdsOf({ path }: Operation): string[] {
  return [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name!);
}

/** The ids of one fan's things that a body names, in lists: `reservationIds`. */
function bodyIdsOf({ body }: Wire): string[] {
  const members = typeof body === "string" && body.startsWith("{") ? JSON.parse(body) : {};
  return Object.keys(members).map((name) => name.replace(/s$/, "")).filter((name) => name in OWNED);
}

function withIds({ path }: Operation, wire: Wire, ids: Ids): Wire {
  const filled = path.replaceAll(/\{(\w+)\}/g, (_, name) => ids[name] ?? "1");
  const named = bodyIdsOf(wire);
  if (named.length === 0) return { ...wire, path: filled };
  const lists = named.map((name) => [`${name}s`, [ids[name]]]);
  const body = { ...JSON.parse(wire.body as string), ...Object.fromEntries(lists) };
  return { ...wire, path: filled, body: JSON.stringify(body) };
}

/** Routes of fans that name what belongs to one of them, each with a request and the names. */
async function routesOfOwned(attacked: AttackWorld) {
  const routes: { operation: Operation; wire: Wire; owned: string[] }[] = [];
  for (const operation of attacked.document.operations) {
    if (!needsOf(operation).bearers.includes("userToken")) continue;
    const wire = await attacked.requestOf(operation);
    for (const name of pathIdsOf(operation)) {
      ok(
        name in OWNED || OF_EVERYBODY.includes(name),
        `${operation.operationId} names a ${name}: whose is it?`,
      );
    }
    const owned = [...pathIdsOf(operation), ...bodyIdsOf(wire)].filter((name) => name in OWNED);
    if (owned.length > 0) routes.push({ operation, wire, owned });
  }
  return routes;
}

/** Without what differs from request to request. */
const withoutInstance = ({ status, body: { instance: _, ...body } }: Received) => ({
  status,
  body,
});

Deno.test("every object of one fan is unknown to another, as one that does not exist", async () => {
  const { world: { box } } = attacked;
  const routes = await routesOfOwned(attacked);
  const unknown = Object.fromEntries(Object.keys(OWNED).map((name) => [name, UNKNOWN]));
  const authorization = { Authorization: `Bearer ${await box.userToken(OTHER_FAN)}` };
  let asked = 0;
  for (const { operation, wire, owned } of routes) {
    for (const ids of things) {
      const keys = { "Idempotency-Key": "theirs", ...authorization };
      const ask = (with_: Ids) => send(box, withHeaders(withIds(operation, wire, with_), keys));
      const answer = await ask(ids);
      const label = `${operation.operationId} of another fan's ${owned}`;
      deepEqual([answer.status, answer.body?.code], [404, OWNED[owned[0]!]], label);
      deepEqual(withoutInstance(answer), withoutInstance(await ask(unknown)), label);
      asked++;
    }
  }
  ok(routes.length >= 6 && asked === routes.length * 2, `${asked} requests`);
  // The owner finds each of them, so nothing was asked for that does not exist.
  for (const { operation, wire } of routes) {
    const answer = await send(box, withIds(operation, wire, things[0]!));
    ok(answer.status !== 404, `${operation.operationId} by the owner: ${answer.text}`);
  }
});

Deno.test("no list of one fan shows anything of another", async () => {
  const { world: { box } } = attacked;
  const theirs = [...things.flatMap((ids) => Object.values(ids)), `"${FAN}"`];
  const place = await box.join(OTHER_FAN);
  let lists = 0;
  for (const operation of attacked.document.operations) {
    const { bearers, queueToken } = needsOf(operation);
    if (operation.method !== "GET" || pathIdsOf(operation).length > 0) continue;
    if (!bearers.includes("userToken") && queueToken === "NEVER") continue;
    const { status, text } = await box.call("GET", operation.path, { fan: OTHER_FAN, place });
    equal(status, 200, operation.operationId);
    for (const name of theirs) ok(!text.includes(name), `${operation.operationId} shows ${name}`);
    lists++;
  }
  ok(lists >= 5, `${lists} lists`);
  equal((await box.call("GET", "/v1/balance", { fan: "nobody yet" })).body.balance, 0);
});

Deno.test("another fan's idempotency key replays nothing of theirs", async () => {
  const { world: { box } } = attacked;
  const sent = { key: "shared", json: { amount: 7 } };
  const first = await box.call("POST", "/v1/balance/charges", { fan: FAN, ...sent });
  const again = await box.call("POST", "/v1/balance/charges", { fan: FAN, ...sent });
  equal(again.headers.get("Idempotency-Replayed"), "true");
  const other = await box.call("POST", "/v1/balance/charges", { fan: "late", ...sent });
  deepEqual([other.status, other.body.balance], [201, 7]);
  equal(other.headers.get("Idempotency-Replayed"), null);
  ok(first.status === 201);
});
