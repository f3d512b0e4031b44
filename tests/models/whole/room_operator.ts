import { chosen } from "../histories.ts";
import { placeOf } from "../line/epoch.ts";
import type { FanId } from "../../../src/domain/ids.ts";
import type { Sending } from "./acts.ts";
import { POP_UP } from "./database.ts";
import type { Fan } from "./fans.ts";
import { removes } from "./operator.ts";
import type { Work } from "./scheduler.ts";
import type { Sent, World } from "./world.ts";

type How = Pick<Sending, "isolate" | "fates">;

export const QUIETLY: How = { isolate: 0, fates: [] };
/** As those of the plan, so that fans may follow them. */
const SETTINGS = {
  capacity: 2,
  admissionTtlSeconds: 60,
  holdTtlSeconds: 30,
  pollMinSeconds: 2,
  pollMaxSeconds: 10,
};
const LOBBY_MS = 15_000;

/** The room that is deleted or made: one with something on sale is only asked for now and then. */
export function roomToMake({ rooms }: World, number: number): string {
  return number % 4 === 1 ? chosen(rooms, number >> 2)!.room : POP_UP;
}

export async function deletesRoom(
  world: World,
  room: string,
  clears: boolean,
  how: How,
): Promise<Work> {
  for (const fan of world.fans) {
    if (!clears || fan.room.room !== room || fan.token === null) continue;
    await removes(world, fan, QUIETLY);
    await world.scheduler.drain();
  }
  return await world.send({
    name: `the operator deletes ${room}`,
    method: "DELETE",
    path: `/v1/admin/rooms/${room}`,
  }, how);
}

export async function makesRoom(
  world: World,
  room: string,
  isLobby: boolean,
  how: How,
): Promise<Work> {
  const opensAt = new Date(world.clock() + LOBBY_MS).toISOString();
  return await world.send({
    name: `the operator makes ${room}`,
    method: "POST",
    path: "/v1/admin/rooms",
    key: world.newKey(),
    json: { room, ...SETTINGS, ...isLobby ? { state: "LOBBY", opensAt } : { state: "OPEN" } },
  }, how);
}

export function seesRoom(world: World, room: string, how: How): Promise<Work> {
  return world.send({
    name: `the operator looks at ${room}`,
    method: "GET",
    path: `/v1/admin/rooms/${room}`,
  }, how);
}

async function payOut(world: World, fan: Fan): Promise<void> {
  let balance = 0;
  await world.send({
    name: `the operator looks at ${fan.name}`,
    method: "GET",
    path: `/v1/admin/fans/${fan.name}`,
    answer: ({ status, body }) => {
      if (status === 200) balance = body.balance;
    },
  }, QUIETLY);
  await world.scheduler.drain();
  if (balance === 0) return;
  await world.send({
    name: `the operator pays ${balance} out to ${fan.name}`,
    method: "POST",
    path: "/v1/admin/balance/corrections",
    key: world.newKey(),
    json: { userId: fan.name, amount: -balance, reason: `paid out to ${fan.name}` },
  }, QUIETLY);
  await world.scheduler.drain();
}

/** Erases the fan. Afterwards whoever bears the name is a new person. */
export async function erases(
  world: World,
  fan: Fan,
  isPrepared: boolean,
  how: How,
): Promise<Work> {
  if (isPrepared) await payOut(world, fan);
  let isErased = false;
  const sent: Sent = {
    name: `the operator erases ${fan.name}`,
    method: "DELETE",
    path: `/v1/admin/fans/${fan.name}?reason=${fan.name}%20asked%20for%20it`,
    answer({ status }) {
      if (status !== 200) return;
      isErased = true;
      fan.holds = [];
      fan.bought = [];
    },
    end: async (work) => isErased ? await checkForgotten(world, fan, work) : undefined,
  };
  return await world.send(sent, how);
}

/** No place of before is left in any line. */
async function checkForgotten(
  { laws, redis, losses }: World,
  { name }: Fan,
  { startedMs, faults }: Work,
): Promise<void> {
  // A failover may bring the place back.
  if (faults > 0 || losses > 0) return;
  for (const [room, { witness: { epoch } }] of redis.rooms) {
    const view = await redis.line.queue.findPlace(room, name as FanId);
    const place = view && epoch && placeOf(epoch, { room, fan: name as FanId, ...view });
    laws.check(
      "an erased fan has no place of before",
      !place || place.createdMs >= startedMs,
      () => `${name} still has ${JSON.stringify(view)}`,
    );
  }
}
