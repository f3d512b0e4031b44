import { deepEqual, equal, ok } from "node:assert/strict";
import { SETTLED_AFTER_MS } from "../../src/application/pending_work.ts";
import { openRemoteBox, type RemoteBox, type Requests } from "../support/remote_box.ts";
import { newFan, type Received } from "../support/api_box.ts";
import { type RemoteBackend, startRemoteBackend } from "../support/remote_backend.ts";
import { testOfRealRedis } from "../support/redis.ts";
import { deleteMainRoom } from "../support/room.ts";
import { charge, holdSeats, pay, putOnSale } from "../support/sale.ts";
import { type Act, COLD, COLD_SEATS, type Cost, cost, routes } from "./boundary_routes.ts";

let backend: RemoteBackend | undefined;
Deno.test.beforeAll(async () => {
  backend = await startRemoteBackend();
});
Deno.test.afterAll(async () => {
  await backend?.close();
});

function resetCounts(): void {
  backend!.upstash.counts.reset();
  backend!.neon.counts.reset();
}

/** What an answer tells of its own cost. */
function tripsOf({ headers }: Received): Requests {
  const [redis, postgres] = ["redis", "postgres"].map((store) =>
    Number(new RegExp(`${store};desc="(\\d+)"`).exec(headers.get("Server-Timing") ?? "")?.[1])
  );
  return { redis: redis!, postgres: postgres! };
}

/** What it did cost, by the requests that reached the endpoints. */
async function counted(box: RemoteBox, act: Act): Promise<{ answer: Received; did: Cost }> {
  const { upstash, neon } = backend!;
  resetCounts();
  const answer = await act();
  const before = box.sentBeforeAnswer();
  await box.settle();
  const after = {
    redis: upstash.counts.requests - before.redis,
    postgres: neon.counts.requests - before.postgres,
  };
  return { answer, did: { ...before, after } };
}

/** Before the answer and after it. */
function sumOf({ redis, postgres, after }: Cost): { redis: number; postgres: number } {
  return { redis: redis + after.redis, postgres: postgres + after.postgres };
}

Deno.test("each route costs the requests that it may cost, before its answer and after it", async () => {
  const warming = openRemoteBox(backend!);
  for (const [, , , act] of await routes(warming, resetCounts)) await counted(warming, act); // Teaches scripts.
  const box = openRemoteBox(backend!);
  await box.call("GET", "/v1/queue"); // Teaches the line the rules.
  const table: Record<string, { redis: number; postgres: number; after: string }> = {};
  for (const [name, status, may, act] of await routes(box, resetCounts)) {
    const { answer, did } = await counted(box, act);
    equal(answer.status, status, `${name}: ${answer.text}`);
    const { after, ...before } = did;
    table[name] = { ...before, after: `${after.redis} redis, ${after.postgres} postgres` };
    const trips = tripsOf(answer);
    // A fill that has begun when the answer is made may be counted before it or after it.
    const mayFill = may === COLD || may === COLD_SEATS;
    if (mayFill) deepEqual({ name, ...sumOf(did) }, { name, ...sumOf(may) });
    else deepEqual({ name, ...did }, { name, ...may });
    const ofFill = mayFill ? trips.redis - before.redis : 0;
    deepEqual({ name, ...trips }, { name, ...before, redis: before.redis + ofFill });
    ok(ofFill === 0 || ofFill === 1);
  }
  console.table(table);
});

Deno.test("a script that Redis does not know costs one more, once", async () => {
  const box = openRemoteBox(backend!);
  const fan = newFan("a");
  const place = await box.join(fan);
  const list = () => box.call("GET", "/v1/concerts", { fan, place });
  await list();
  await box.settle();
  const acts: [string, Act, number][] = [
    ["list", list, 1],
    ["poll", () => box.call("GET", "/v1/queue/tokens/me", { place }), 1],
    ["join", () => box.call("POST", "/v1/queue/tokens", { fan }), 1],
    ["counts", () => box.call("GET", "/v1/queue"), 1],
    ["leave", () => box.call("DELETE", "/v1/queue/tokens/me", { place }), 1],
  ];
  for (const [name, act, usual] of acts) {
    await redisCommand("SCRIPT", "FLUSH");
    const { answer, did } = await counted(box, act);
    deepEqual(did, cost(usual + 1, 0), name);
    deepEqual(tripsOf(answer).redis, usual + 1, name);
    deepEqual((await counted(box, act)).did, cost(usual, 0), name);
  }
});

Deno.test("rules that Redis does not know, since it was wiped, cost a look at them, once", async () => {
  const box = openRemoteBox(backend!);
  await openRemoteBox(backend!).join(newFan("a")); // Teaches scripts.
  await box.call("GET", "/openapi.json"); // Against which all answers are checked.
  const join = () => box.call("POST", "/v1/queue/tokens", { fan: newFan("a") });
  deepEqual((await counted(box, join)).did, cost(3, 2));
  deepEqual((await counted(box, join)).did, cost(1, 0));
  await box.wipeLine();
  deepEqual((await counted(box, join)).did, cost(3, 2));
});

async function redisCommand(...command: string[]): Promise<string> {
  const { url, token } = backend!.upstash;
  const headers = { authorization: `Bearer ${token}` };
  const response = await fetch(url, { method: "POST", headers, body: JSON.stringify(command) });
  return (await response.json()).result;
}

/** Commands that Redis ran for an act, those inside its scripts included: what Upstash bills. */
async function commandsOf(box: RemoteBox, act: () => Promise<unknown>): Promise<number> {
  await redisCommand("CONFIG", "RESETSTAT");
  await act();
  await box.settle();
  const stats = await redisCommand("INFO", "commandstats");
  return [...stats.matchAll(/^cmdstat_(\S+):calls=(\d+)/gm)]
    .filter(([, name]) => !/^(config|info)/.test(name!))
    .reduce((sum, [, , calls]) => sum + Number(calls), 0);
}

/** After so long everything is due that the line does now and then. */
const STEP_MS = 5_000;
/** After so long a room without fans is idle. */
const IDLE_MS = 420_000;

// With its own clock Redis runs one command more for each script: TIME.
testOfRealRedis("each act runs a bounded number of commands in Redis", async () => {
  await deleteMainRoom(backend!.database.sql);
  const box = openRemoteBox(backend!, { settings: { QUEUE_CAPACITY: "3" } });
  const sale = await putOnSale(box, { dates: [4] });
  const [a, b, c] = [newFan("a"), newFan("b"), newFan("c")];
  const [, ofB, ofC] = [await box.join(a), await box.join(b), await box.join(c)];
  const waiting = await box.join(newFan("d"));
  await box.join(newFan("e"));
  const seats = sale.schedules[0]!.seatIds;
  await charge(box, b, 10_000);
  const held = await holdSeats(box, b, ofB!, sale, seats.slice(0, 1));
  const list = () => box.call("GET", "/v1/concerts", { fan: c, place: ofC! });
  const poll = (place: string) => box.call("GET", "/v1/queue/tokens/me", { place });
  const { scheduleId } = sale.schedules[0]!;
  const seatsPath = `/v1/concerts/${sale.concertId}/schedules/${scheduleId}/seats`;
  const look = (headers = {}) => box.call("GET", seatsPath, { fan: c, place: ofC!, headers });
  const version = (await look()).headers.get("ETag")!;
  await list();
  await poll(waiting);
  await box.settle();
  const emptyRoom = openRemoteBox(backend!);
  await emptyRoom.tick();
  await emptyRoom.pass(SETTLED_AFTER_MS);
  await emptyRoom.tick(); // By now marks say that no delivery is due and no refund unfinished.
  const gone = await emptyRoom.join(newFan("g"));
  await emptyRoom.call("DELETE", "/v1/queue/tokens/me", { place: gone });
  await emptyRoom.tick();
  // Time passes where an act says so, so that nothing else is due.
  const acts: [string, number, () => Promise<unknown>, afterMs?: number][] = [
    ["join, at the end of a line", 8, () => box.join(newFan("f"))],
    ["poll, waiting", 4, () => poll(waiting), 1],
    ["poll, admitted", 3, () => poll(ofC!)],
    ["list, cached", 4, list],
    ["seats", 5, () => look()],
    ["seats that the fan knows", 5, () => look({ "If-None-Match": version })],
    ["hold", 3, () => holdSeats(box, c, ofC!, sale, seats.slice(1, 2))],
    ["pay: what follows, and the next fan goes in", 11, () => pay(box, b, held)],
    [
      "leave, and the next fan goes in",
      11,
      () => box.call("DELETE", "/v1/queue/tokens/me", { place: ofC! }),
    ],
    ["poll after some seconds, and what is due by then", 10, () => poll(waiting), STEP_MS],
    // The tick before has taken the sample of this minute. The room is new: one is an eviction.
    ["cron, everybody has just left", 15, () => emptyRoom.tick()],
    ["cron, the room becomes idle", 14, () => emptyRoom.tick(), IDLE_MS],
    ["cron, the room is idle", 3, () => emptyRoom.tick()],
  ];
  const table: Record<string, { commands: number }> = {};
  for (const [name, , act, afterMs = 0] of acts) {
    if (afterMs > 0) await Promise.all([box, emptyRoom].map(({ pass }) => pass(afterMs)));
    // Redis drops what is cached by its own clock: statuses are taken anew just before they are read.
    if (name.startsWith("seats")) await look().then(box.settle);
    table[name] = { commands: await commandsOf(box, act) };
  }
  console.table(table);
  deepEqual(table, Object.fromEntries(acts.map(([name, commands]) => [name, { commands }])));
});
