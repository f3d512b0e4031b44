import assert from "node:assert/strict";
import { newFan } from "../support/api_box.ts";
import type { Box } from "../support/box.ts";
import { joinRoom, makeRoom, standing } from "../support/room.ts";
import { charge, holdSeats, pay, putOnSale } from "../support/sale.ts";
import { assertRefused, elapse, openBoxes, tryHold } from "../cheats/world.ts";

// Fans who are late, away, or on another device; see docs/promises.md.

const open = await openBoxes();
const MINUTE_MS = 60_000;

const balanceOf = async (box: Box, fan: string): Promise<number> =>
  (await box.call("GET", "/v1/balance", { fan })).body.balance;

async function buyer(box: Box) {
  const fan = newFan("buyer");
  await charge(box, fan, 10_000);
  const sale = await putOnSale(box);
  return { fan, sale, seatIds: sale.schedules[0]!.seatIds, place: await box.join(fan) };
}

Deno.test("whoever pays a second after the hold lapsed pays nothing, and may hold a free seat again", async () => {
  const box = open();
  const { fan, place, sale, seatIds } = await buyer(box);
  const seats = seatIds.slice(0, 2);
  const held = await holdSeats(box, fan, place, sale, seats);
  box.clock.advance(box.config.holdTtlSeconds * 1000 + 1_000);
  const late = await pay(box, fan, held);
  assertRefused(late, 409, "RESERVATION_NOT_PAYABLE");
  assert.deepEqual(late.body.reservations.map(({ status }: { status: string }) => status), [
    "EXPIRED",
    "EXPIRED",
  ]);
  assert.equal(await balanceOf(box, fan), 10_000);
  assert.equal((await standing(box, place)).state, "ADMITTED", "the admission goes on");
  const again = await holdSeats(box, fan, place, sale, seats);
  assert.equal((await pay(box, fan, again)).status, 201);
  assert.equal(await balanceOf(box, fan), 8_000);
});

Deno.test("whoever pays a second before the hold lapses has paid, also when the answer is late", async () => {
  const box = open();
  const { fan, place, sale, seatIds } = await buyer(box);
  const held = await holdSeats(box, fan, place, sale, seatIds.slice(0, 1));
  box.clock.advance(box.config.holdTtlSeconds * 1000 - 1_000);
  const paid = await pay(box, fan, held, "just-in-time");
  box.clock.advance(10_000);
  const again = await pay(box, fan, held, "just-in-time");
  assert.deepEqual([paid.status, again.status, again.text], [201, 201, paid.text]);
});

Deno.test("a hold is paid after the admission has ended, for as long as it lives", async () => {
  const box = open({ ADMISSION_TTL_SECONDS: "300" });
  const { fan, place, sale, seatIds } = await buyer(box);
  box.clock.advance(299_000);
  const held = await holdSeats(box, fan, place, sale, seatIds.slice(0, 1));
  box.clock.advance(200_000);
  assert.equal((await standing(box, place)).state, "GONE");
  assertRefused(await tryHold(box, fan, place, sale, seatIds.slice(1, 2)), 403, "NOT_ADMITTED");
  assert.equal((await pay(box, fan, held)).status, 201);
});

Deno.test("a fan who changes the device, or clears the storage, finds place, holds and tickets", async () => {
  const box = open();
  const { fan, place, sale, seatIds } = await buyer(box);
  const [paid, held] = [seatIds.slice(0, 1), seatIds.slice(1, 2)];
  assert.equal((await pay(box, fan, await holdSeats(box, fan, place, sale, paid))).status, 201);
  await box.settle();
  const second = await box.join(fan);
  const [reservationId] = await holdSeats(box, fan, second, sale, held);
  // The new device knows the sign-in alone.
  const joined = await box.call("POST", "/v1/queue/tokens", { fan });
  assert.deepEqual([joined.status, joined.body.state], [200, "ADMITTED"]);
  const { items } = (await box.call("GET", "/v1/reservations?status=HELD", { fan })).body;
  assert.deepEqual(items.map((one: { reservationId: string }) => one.reservationId), [
    reservationId,
  ]);
  assert.equal((await pay(box, fan, [reservationId!])).status, 201);
  const tickets = (await box.call("GET", "/v1/tickets", { fan })).body.items;
  assert.equal(tickets.length, 2);
});

Deno.test("a waiting fan who changes the device keeps the position, and the old device too", async () => {
  const box = open();
  const room = await makeRoom(box, { capacity: 1 });
  const fan = newFan("moves");
  await joinRoom(box, room, newFan("in"));
  const old = await joinRoom(box, room, fan);
  await joinRoom(box, room, newFan("behind"));
  const moved = await joinRoom(box, room, fan);
  assert.deepEqual([moved.status, moved.body.position], [200, 1]);
  assert.equal((await standing(box, old.body.token)).position, 1);
});

Deno.test("a laptop that is closed while waiting keeps the place, and a missed turn comes again once", async () => {
  const box = open({ POLL_MAX_SECONDS: "10", SHOW_UP_SECONDS: "20" });
  const room = await makeRoom(box, { capacity: 1, pollMaxSeconds: 10 });
  const tokens: string[] = [];
  for (const name of ["in", "closed", "c", "d"]) {
    tokens.push((await joinRoom(box, room, newFan(name))).body.token);
  }
  const [first, closed, c, d] = tokens as [string, string, string, string];
  await elapse(box, 5 * MINUTE_MS, first, c, d);
  assert.equal((await standing(box, closed)).position, 1, "no turn came: nothing is lost");
  await elapse(box, 5 * MINUTE_MS, first, c, d);
  await box.call("DELETE", "/v1/queue/tokens/me", { place: first });
  assert.equal((await standing(box, c)).state, "ADMITTED");
  await elapse(box, 5 * MINUTE_MS, c, d);
  const back = await standing(box, closed);
  assert.deepEqual([back.state, back.position], ["WAITING", 1], "the next free slot is theirs");
  await box.call("DELETE", "/v1/queue/tokens/me", { place: c });
  assert.equal((await standing(box, closed)).state, "ADMITTED");
  assert.equal((await standing(box, d)).position, 1);
});

Deno.test("a network that is away for five minutes costs no place, no admission and no money", async () => {
  const box = open({ POLL_MAX_SECONDS: "10", SHOW_UP_SECONDS: "20" });
  const { fan, place, sale, seatIds } = await buyer(box);
  const held = await holdSeats(box, fan, place, sale, seatIds.slice(0, 1));
  const room = await makeRoom(box, { capacity: 1, pollMaxSeconds: 10 });
  const first = (await joinRoom(box, room, newFan("in"))).body.token;
  const away = (await joinRoom(box, room, newFan("away"))).body.token;
  const behind = (await joinRoom(box, room, newFan("behind"))).body.token;
  await elapse(box, 5 * MINUTE_MS, first, behind);
  const { state, position } = await standing(box, away);
  assert.deepEqual([state, position], ["WAITING", 1]);
  assert.equal((await standing(box, place)).state, "ADMITTED");
  // The hold took five minutes. The seat can be held again, because the admission goes on.
  assertRefused(await pay(box, fan, held), 409, "RESERVATION_NOT_PAYABLE");
  assert.equal(await balanceOf(box, fan), 10_000);
  const again = await holdSeats(box, fan, place, sale, seatIds.slice(0, 1));
  assert.equal((await pay(box, fan, again)).status, 201);
});

Deno.test("a fan who is silent for the waiting time has no place, and is told why", async () => {
  const box = open({ WAITING_TTL_SECONDS: "1200" });
  const room = await makeRoom(box, { capacity: 1, admissionTtlSeconds: 3600 });
  const first = (await joinRoom(box, room, newFan("in"))).body.token;
  const silent = await joinRoom(box, room, newFan("silent"));
  assert.equal(Date.parse(silent.body.expiresAt), box.clock() + 1_200_000);
  await elapse(box, 20 * MINUTE_MS, first);
  const { state, endedBecause } = await standing(box, silent.body.token);
  assert.deepEqual([state, endedBecause], ["GONE", "SILENT"]);
});
