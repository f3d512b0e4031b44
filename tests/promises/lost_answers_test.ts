import assert from "node:assert/strict";
import { newFan, type Received } from "../support/api_box.ts";
import type { Box } from "../support/box.ts";
import { makeRoom, standing } from "../support/room.ts";
import { charge, holdSeats, pay, putOnSale } from "../support/sale.ts";
import { assertRefused, openBoxes, tryHold } from "../cheats/world.ts";

// Each call, sent again after its answer was lost; see docs/promises.md.

const open = await openBoxes();
const HOUR_MS = 3_600_000;

async function buyer(box: Box) {
  const fan = newFan("buyer");
  await charge(box, fan, 10_000);
  const sale = await putOnSale(box);
  const { scheduleId } = sale.schedules[0]!;
  const refundUntil = new Date(box.clock() + HOUR_MS).toISOString();
  const json = { schedules: [{ scheduleId, refundUntil }] };
  await box.call("PATCH", `/v1/admin/concerts/${sale.concertId}`, { operator: true, json });
  return { fan, sale, seatIds: sale.schedules[0]!.seatIds, place: await box.join(fan) };
}

const bytes = ({ status, text }: Received) => [status, text];
const balanceOf = async (box: Box, fan: string): Promise<number> =>
  (await box.call("GET", "/v1/balance", { fan })).body.balance;

Deno.test("a join whose answer was lost: the same place again", async () => {
  const box = open();
  const room = await makeRoom(box, { capacity: 1 });
  const [first, fan] = [newFan("in"), newFan("lost")];
  const join = (who: string) => box.call("POST", "/v1/queue/tokens", { fan: who, json: { room } });
  await join(first);
  const lost = await join(fan);
  await join(newFan("behind"));
  const again = await join(fan);
  assert.deepEqual([lost.status, again.status], [201, 200]);
  assert.deepEqual([again.body.ticket, again.body.position], [lost.body.ticket, 1]);
  for (const { body } of [lost, again]) assert.equal((await standing(box, body.token)).position, 1);
});

Deno.test("a poll whose answer was lost: the next one says the same, the turn too", async () => {
  const box = open();
  const room = await makeRoom(box, { capacity: 1 });
  const join = async (name: string) =>
    (await box.call("POST", "/v1/queue/tokens", { fan: newFan(name), json: { room } })).body.token;
  const [first, place] = [await join("in"), await join("lost")];
  assert.deepEqual(await standing(box, place), await standing(box, place));
  await box.call("DELETE", "/v1/queue/tokens/me", { place: first });
  const lost = await standing(box, place);
  const again = await standing(box, place);
  assert.equal(lost.state, "ADMITTED");
  assert.deepEqual([again.state, again.expiresAt], [lost.state, lost.expiresAt]);
});

Deno.test("a hold whose answer was lost: the same holds again with its key, and named without", async () => {
  const box = open();
  const { fan, place, sale, seatIds } = await buyer(box);
  const seats = seatIds.slice(0, 2);
  const lost = await tryHold(box, fan, place, sale, seats, "hold-1");
  const again = await tryHold(box, fan, place, sale, seats, "hold-1");
  assert.deepEqual(bytes(again), bytes(lost));
  const without = await tryHold(box, fan, place, sale, seats);
  assertRefused(without, 409, "SEAT_UNAVAILABLE");
  const idOf = ({ reservationId }: { reservationId: string }) => reservationId;
  const held = lost.body.reservations.map(idOf);
  assert.deepEqual(without.body.ownReservations.map(idOf), held);
  const { items } = (await box.call("GET", "/v1/reservations?status=HELD", { fan })).body;
  assert.deepEqual(items.map(idOf).toSorted(), held.toSorted());
});

Deno.test("a payment whose answer was lost: the same bytes again with its key, and the money moves once", async () => {
  const box = open();
  const { fan, place, sale, seatIds } = await buyer(box);
  const held = await holdSeats(box, fan, place, sale, seatIds.slice(0, 2));
  const lost = await pay(box, fan, held, "pay-1");
  await box.settle();
  box.clock.advance(23 * HOUR_MS);
  const again = await pay(box, fan, held, "pay-1");
  assert.equal(again.headers.get("Idempotency-Replayed"), "true");
  assert.deepEqual(bytes(again), bytes(lost));
  assert.equal(await balanceOf(box, fan), 8_000);
});

Deno.test("a payment whose answer and key were both lost is found, and is not made twice", async () => {
  const box = open();
  const { fan, place, sale, seatIds } = await buyer(box);
  const held = await holdSeats(box, fan, place, sale, seatIds.slice(0, 1));
  await pay(box, fan, held, "forgotten");
  const again = await pay(box, fan, held, "another");
  assertRefused(again, 409, "RESERVATION_NOT_PAYABLE");
  assert.deepEqual(again.body.reservations.map(({ status }: { status: string }) => status), [
    "PAID",
  ]);
  assert.equal(await balanceOf(box, fan), 9_000);
  const [payments, tickets] = [
    (await box.call("GET", "/v1/payments", { fan })).body.items,
    (await box.call("GET", "/v1/tickets", { fan })).body.items,
  ];
  assert.deepEqual([payments[0].reservationId, payments.length], [held[0], 1]);
  assert.deepEqual([tickets[0].reservationId, tickets[0].status], [held[0], "VALID"]);
});

Deno.test("a charge whose answer was lost: the same answer with its key, and the balance grows once", async () => {
  const box = open();
  const fan = newFan("charges");
  const send = () =>
    box.call("POST", "/v1/balance/charges", { fan, key: "charge-1", json: { amount: 500 } });
  assert.deepEqual(bytes(await send()), bytes(await send()));
  assert.equal(await balanceOf(box, fan), 500);
});

Deno.test("a cancellation whose answer was lost: the same answer again, and no hold of a later fan ends", async () => {
  const box = open();
  const { fan, place, sale, seatIds } = await buyer(box);
  const seats = seatIds.slice(0, 1);
  const [id] = await holdSeats(box, fan, place, sale, seats);
  const cancel = () => box.call("DELETE", `/v1/reservations/${id}`, { fan });
  const lost = await cancel();
  const other = newFan("next");
  const [theirs] = await holdSeats(box, other, await box.join(other), sale, seats);
  const again = await cancel();
  assert.deepEqual([lost.status, lost.body.status, bytes(again)], [200, "CANCELLED", bytes(lost)]);
  const { items } = (await box.call("GET", "/v1/reservations", { fan: other })).body;
  assert.deepEqual([items[0].reservationId, items[0].status], [theirs, "HELD"]);
});

Deno.test("leaving, its answer lost: the same answer again, and no later place ends", async () => {
  const box = open();
  const fan = newFan("leaves");
  const place = await box.join(fan);
  const leave = () => box.call("DELETE", "/v1/queue/tokens/me", { place });
  const lost = await leave();
  const later = await box.join(fan);
  const again = await leave();
  for (const { status, body } of [lost, again]) {
    assert.deepEqual([status, body.state, body.reason], [200, "GONE", "ENDED"]);
  }
  assert.equal((await standing(box, later)).state, "ADMITTED");
});

Deno.test("a refund whose answer was lost: the same answer again, and the money comes once", async () => {
  const box = open();
  const { fan, place, sale, seatIds } = await buyer(box);
  const held = await holdSeats(box, fan, place, sale, seatIds.slice(0, 1));
  const [{ paymentId }] = (await pay(box, fan, held)).body.payments;
  const refund = () => box.call("POST", `/v1/payments/${paymentId}/refunds`, { fan });
  const lost = await refund();
  const again = await refund();
  assert.deepEqual([lost.status, again.status, again.text], [201, 200, lost.text]);
  assert.equal(await balanceOf(box, fan), 10_000);
});

Deno.test("a ticket whose answer was lost is read again, and its code is the same", async () => {
  const box = open();
  const { fan, place, sale, seatIds } = await buyer(box);
  await pay(box, fan, await holdSeats(box, fan, place, sale, seatIds.slice(0, 1)));
  const list = () => box.call("GET", "/v1/tickets", { fan });
  const lost = await list();
  assert.deepEqual(bytes(await list()), bytes(lost));
  const path = `/v1/tickets/${lost.body.items[0].ticketId}`;
  assert.equal((await box.call("GET", path, { fan })).body.code, lost.body.items[0].code);
  assert.deepEqual(
    bytes(await box.call("GET", `${path}/qr.svg`, { fan })),
    bytes(await box.call("GET", `${path}/qr.svg`, { fan })),
  );
});
