import { deepEqual, equal, ok } from "node:assert/strict";
import { newFan } from "../support/api_box.ts";
import { openRemoteBox, type RemoteBox } from "../support/remote_box.ts";
import { type RemoteBackend, startRemoteBackend } from "../support/remote_backend.ts";
import { joinRoom, makeRoom, newRoomName } from "../support/room.ts";

const NAMES = 1_000;
const ROOMS = 60;
const MINUTE_MS = 60_000;
/** The cron asks for the active rooms, and for the notes of unfinished refunds and of deliveries. */
const IDLE_RUN = { redis: 3, postgres: 0 };

let backend: RemoteBackend | undefined;
Deno.test.beforeAll(async () => {
  backend = await startRemoteBackend();
});
Deno.test.afterAll(async () => {
  await backend?.close();
});

/** Requests that reached the stores while the act ran, and what followed it. */
async function requestsOf(box: RemoteBox, act: () => Promise<unknown>) {
  const { upstash, neon } = backend!;
  await box.settle();
  upstash.counts.reset();
  neon.counts.reset();
  await act();
  await box.settle();
  return { redis: upstash.counts.requests, postgres: neon.counts.requests };
}

const paths = (room: string) => [
  `/v1/rooms/${room}`,
  `/v1/rooms/${room}/draw`,
  `/v1/queue?room=${room}`,
];

async function askForNobodysRooms(box: RemoteBox, names: number): Promise<void> {
  for (let index = 0; index < names; index++) {
    const path = paths(newRoomName())[index % 3]!;
    const { status, body } = await box.call("GET", path);
    deepEqual([status, body.code], [404, "ROOM_NOT_FOUND"]);
  }
}

Deno.test("a thousand names of no room in one second cost one call to Redis (D4)", async () => {
  const box = openRemoteBox(backend!);
  await box.call("GET", "/openapi.json"); // Against which all answers are checked.
  const asking = () => askForNobodysRooms(box, NAMES);
  deepEqual(await requestsOf(box, asking), { redis: 1, postgres: 0 });
  equal((await requestsOf(box, asking)).redis, 0);
  // A store that was never told all rooms learns them from PostgreSQL, once.
  let postgres = 0;
  for (let second = 0; second < 10; second++) {
    box.clock.advance(1_000);
    const did = await requestsOf(box, () => askForNobodysRooms(box, 30));
    ok(did.redis + did.postgres <= 1);
    postgres += did.postgres;
  }
  equal(postgres, 1);
});

Deno.test("a line that has loaded any rules knows all rooms: no stranger reaches PostgreSQL", async () => {
  const box = openRemoteBox(backend!);
  await box.join(newFan("a"));
  const room = await makeRoom(box);
  for (const path of paths(room)) equal((await box.call("GET", path)).status, 200);
  const later = async () => {
    for (let hour = 0; hour < 20; hour++) {
      await box.pass(3_600_000);
      await askForNobodysRooms(box, 3);
      for (const path of paths(room)) equal((await box.call("GET", path)).status, 200);
    }
  };
  equal((await requestsOf(box, later)).postgres, 0);
});

Deno.test("the public answer about a room is kept for a second, and a change shows at once", async () => {
  const box = openRemoteBox(backend!);
  const room = await makeRoom(box);
  const look = () => box.call("GET", `/v1/rooms/${room}`);
  await look();
  await box.settle();
  deepEqual(await requestsOf(box, look), { redis: 0, postgres: 0 });
  await box.call("PATCH", `/v1/admin/rooms/${room}`, { operator: true, json: { state: "HELD" } });
  equal((await look()).body.state, "HELD");
  const opensAt = new Date(box.clock() + 500).toISOString();
  const json = { state: "LOBBY", opensAt };
  await box.call("PATCH", `/v1/admin/rooms/${room}`, { operator: true, json });
  equal((await look()).body.draw.seed, null);
  await box.pass(500);
  const { state, draw } = (await look()).body;
  deepEqual([state, draw.openedAt, draw.seed.length], ["OPEN", opensAt, 64]);
});

Deno.test("sixty rooms in which nobody is cost the cron nothing", async () => {
  const box = openRemoteBox(backend!);
  // Two questions mark that no delivery is due, and that no refund is unfinished.
  await box.tick();
  await box.pass(MINUTE_MS);
  await box.tick();
  deepEqual(await requestsOf(box, box.tick), IDLE_RUN, "without a room");
  const rooms: string[] = [];
  for (let index = 0; index < ROOMS; index++) rooms.push(await makeRoom(box));
  deepEqual(await requestsOf(box, box.tick), IDLE_RUN);
  // Nor do they once their fans have left.
  for (const room of rooms.slice(0, 3)) {
    const place = (await joinRoom(box, room, newFan("a"))).body.token;
    await box.call("DELETE", "/v1/queue/tokens/me", { place });
  }
  for (let minute = 0; minute < 8; minute++) {
    await box.tick();
    await box.pass(MINUTE_MS);
  }
  await box.tick();
  deepEqual(await requestsOf(box, box.tick), IDLE_RUN);
});
