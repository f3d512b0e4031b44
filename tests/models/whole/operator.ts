import { chosen } from "../histories.ts";
import type { Act, RoomChange, SaleAct, Sending } from "./acts.ts";
import type { SaleDate, SaleRoom } from "./database.ts";
import type { Work } from "./scheduler.ts";
import type { Sent, World } from "./world.ts";

type How = Pick<Sending, "isolate" | "fates">;

export function changesRoom(world: World, room: string, change: RoomChange, how: How) {
  const { opensInMs, ...settings } = change;
  const opensAt = opensInMs === undefined
    ? {}
    : { opensAt: new Date(world.clock() + opensInMs).toISOString() };
  const json = { ...settings, ...opensAt };
  return world.send({
    name: `the operator sets ${room} to ${JSON.stringify(json)}`,
    method: "PATCH",
    path: `/v1/admin/rooms/${room}`,
    json: { ...json, endLobby: true, reason: "as the crowd wants" },
  }, how);
}

export function promotes(world: World, room: string, count: number, how: How) {
  return world.send({
    name: `the operator promotes ${count} in ${room}`,
    method: "POST",
    path: `/v1/admin/rooms/${room}/promotions`,
    key: world.newKey(),
    json: { count },
  }, how);
}

export function removes(world: World, fan: World["fans"][number], how: How) {
  return world.send({
    name: `the operator removes ${fan.name} from ${fan.room.room}`,
    method: "DELETE",
    path: `/v1/admin/rooms/${fan.room.room}/places/${fan.name}`,
  }, how);
}

export function registers(world: World, how: How) {
  const events = ["concert.sold_out", "payment.completed", "concert.withdrawn"];
  return world.send({
    name: "the operator registers a webhook",
    method: "POST",
    path: "/v1/admin/webhooks",
    json: { url: "https://receiver.test/hook", events },
  }, how);
}

type SaleParts = { readonly room: SaleRoom; readonly date: SaleDate; readonly which: number };

/** The request of each act on a sale; null when there is nothing to act on. */
const SALES: {
  readonly [Name in SaleAct]: (world: World, parts: SaleParts) => Sent | null;
} = {
  withdraw: (_, { date, which }) => withdrawal(date, which, "WITHDRAWN"),
  "put on sale again": (_, { date, which }) => withdrawal(date, which, "ON_SALE"),
  "block a seat": (_, { date, which }) => block(date, which, "BLOCKED"),
  "unblock a seat": (_, { date, which }) => block(date, which, "AVAILABLE"),
  "refund a payment"({ fans }, { which }) {
    const { paymentId } = chosen(fans.flatMap(({ bought }) => bought), which) ?? {};
    return paymentId === undefined ? null : {
      name: `the operator refunds ${paymentId}`,
      method: "POST",
      path: `/v1/admin/payments/${paymentId}/refunds`,
      json: { reason: "as asked", seatBackOnSale: which % 4 !== 0 },
    };
  },
  "refund the concert": (world, { date: { concertId } }) => ({
    name: `the operator refunds concert ${concertId}`,
    method: "POST",
    path: `/v1/admin/concerts/${concertId}/refunds`,
    key: world.newKey(),
    json: { reason: "rain", seatsBackOnSale: true },
  }),
  "correct a balance"(world, { which }) {
    const { name } = chosen(world.fans, which)!;
    const amount = which % 2 === 0 ? 500 : -1_500;
    return {
      name: `the operator corrects ${name} by ${amount}`,
      method: "POST",
      path: "/v1/admin/balance/corrections",
      key: world.newKey(),
      json: { userId: name, amount, reason: "a mistake" },
    };
  },
  "evict the caches": () => ({
    name: "the operator evicts the caches",
    method: "POST",
    path: "/v1/admin/caches/evictions",
    json: {},
  }),
  "move the concert"(world, { date: { concertId }, which }) {
    const { room } = chosen(world.rooms, which)!;
    return patch(concertId, { room }, `moves concert ${concertId} to ${room}`);
  },
  "move the opening"(world, { date: { concertId, scheduleId }, which }) {
    const inMs = which % 2 === 0 ? 8_000 : -5_000;
    const reservationAvailableAt = new Date(world.clock() + inMs).toISOString();
    const schedules = [{ scheduleId, reservationAvailableAt }];
    return patch(concertId, { schedules }, `opens date ${scheduleId} in ${inMs} ms`);
  },
  "check a ticket in"(world, { which }) {
    const fan = chosen(world.fans.filter(({ bought }) => bought.length > 0), which);
    return fan ? ticketsThenDoor(world, fan) : null;
  },
};

function patch(concertId: number, json: unknown, what: string): Sent {
  return {
    name: `the operator ${what}`,
    method: "PATCH",
    path: `/v1/admin/concerts/${concertId}`,
    json,
  };
}

function withdrawal({ concertId, scheduleId }: SaleDate, which: number, status: string): Sent {
  const what = status === "WITHDRAWN" ? "withdraws" : "puts on sale again";
  return which % 2 === 0
    ? patch(concertId, { status }, `${what} concert ${concertId}`)
    : patch(concertId, { schedules: [{ scheduleId, status }] }, `${what} date ${scheduleId}`);
}

function block({ concertId, scheduleId, seatIds }: SaleDate, which: number, status: string): Sent {
  const seatId = chosen(seatIds, which >> 2)!;
  return {
    name: `the operator sets seat ${seatId} to ${status}`,
    method: "PATCH",
    path: `/v1/admin/concerts/${concertId}/schedules/${scheduleId}/seats/${seatId}`,
    json: { status },
  };
}

/** The fan shows the codes; the door comes with the next act of this kind. */
function ticketsThenDoor(world: World, fan: World["fans"][number]): Sent {
  const code = world.codes.get(fan.name)?.shift();
  if (code === undefined) {
    return {
      name: `${fan.name} shows their tickets`,
      method: "GET",
      path: "/v1/tickets",
      fan,
      answer({ status, body }) {
        if (status !== 200) return;
        const valid = body.items.filter(({ status }: { status: string }) => status === "VALID");
        world.codes.set(fan.name, valid.flatMap(({ code }: { code: string }) => [code, code]));
      },
    };
  }
  return {
    name: `the door checks a ticket of ${fan.name}`,
    method: "POST",
    path: "/v1/admin/checkins",
    json: { code, door: "north" },
    answer({ status, isBeforeRestore }) {
      if (status !== 201 || isBeforeRestore) return;
      const count = (world.entries.get(code) ?? 0) + 1;
      world.entries.set(code, count);
      world.laws.check("B8: a ticket lets in once", count === 1, () => `${fan.name}: ${count}`);
    },
  };
}

export async function actsOnSale(
  world: World,
  { what, room: number, which }: Extract<Act, { readonly act: "sale" }>,
  how: How,
): Promise<Work | null> {
  const room = chosen(world.rooms, number)!;
  const sent = SALES[what](world, { room, date: chosen(room.dates, which >> 1)!, which });
  return sent ? await world.send(sent, how) : null;
}
