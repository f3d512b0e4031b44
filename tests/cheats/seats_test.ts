import assert from "node:assert/strict";
import { newFan } from "../support/api_box.ts";
import type { Box } from "../support/box.ts";
import { makeRoom } from "../support/room.ts";
import { charge, holdSeats, pay, putOnSale, type Sale } from "../support/sale.ts";
import { assertRefused, openBoxes, seatStatus, tryHold } from "./world.ts";

// How more than one's share of the seats is sought; see docs/cheats.md.

const open = await openBoxes();
const DOOR = { DOOR_TOKEN: `door:${"d".repeat(32)}` };

/** A fan who is inside, with money. */
async function inside(box: Box, name: string): Promise<{ fan: string; place: string }> {
  const fan = newFan(name);
  await charge(box, fan, 100_000);
  return { fan, place: await box.join(fan) };
}

/** A fan who bought these seats. */
async function buyer(box: Box, sale: Sale, seatIds: readonly number[], name = "buyer") {
  const { fan, place } = await inside(box, name);
  const reservationIds = await holdSeats(box, fan, place, sale, seatIds);
  const { status, body, text } = await pay(box, fan, reservationIds);
  assert.equal(status, 201, text);
  await box.settle();
  const payments = body.payments.map(({ paymentId }: { paymentId: string }) => paymentId);
  return { fan, place, payments: payments as string[] };
}

function checkIn(box: Box, code: string) {
  const headers = { Authorization: `Bearer ${"d".repeat(32)}` };
  return box.call("POST", "/v1/admin/checkins", { headers, json: { code } });
}

Deno.test("ten devices of one fan hold no more than the limit, also at once", async () => {
  const box = open();
  const sale = await putOnSale(box, { dates: [20] });
  const { seatIds } = sale.schedules[0]!;
  const { fan, place } = await inside(box, "scalper");
  const answers = await Promise.all(
    seatIds.slice(0, 10).map((seatId) => tryHold(box, fan, place, sale, [seatId])),
  );
  assert.equal(answers.filter(({ status }) => status === 201).length, 4);
  for (const answer of answers.filter(({ status }) => status !== 201)) {
    assertRefused(answer, 409, "SEAT_LIMIT_EXCEEDED");
  }
});

Deno.test("a second turn buys no seat above the limit", async () => {
  const box = open();
  const sale = await putOnSale(box, { dates: [20] });
  const { seatIds } = sale.schedules[0]!;
  const { fan } = await buyer(box, sale, seatIds.slice(0, 3), "comes back");
  const place = await box.join(fan);
  const refused = await tryHold(box, fan, place, sale, seatIds.slice(3, 5));
  assertRefused(refused, 409, "SEAT_LIMIT_EXCEEDED");
  assert.deepEqual([refused.body.limit, refused.body.held], [4, 3]);
  assert.equal((await tryHold(box, fan, place, sale, seatIds.slice(3, 4))).status, 201);
});

Deno.test("holds are hoarded for one admission and one hold time at most", async () => {
  const box = open({ ADMISSION_TTL_SECONDS: "900", HOLD_TTL_SECONDS: "300" });
  const sale = await putOnSale(box);
  const { seatIds } = sale.schedules[0]!;
  const [hoarder, other] = [await inside(box, "hoards"), await inside(box, "waits for it")];
  const from = box.clock();
  let lastHold = from;
  for (let time = 0; time < 20; time++) {
    const held = await tryHold(box, hoarder.fan, hoarder.place, sale, seatIds.slice(0, 4));
    if (held.status !== 201) {
      assertRefused(held, 403, "NOT_ADMITTED");
      break;
    }
    lastHold = box.clock();
    // Before it lapses, a hold is not made longer.
    box.clock.advance(299_000);
    const again = await tryHold(box, hoarder.fan, hoarder.place, sale, seatIds.slice(0, 4));
    if (again.status === 409) assert.equal(again.body.code, "SEAT_UNAVAILABLE");
    box.clock.advance(1_000);
  }
  assert.ok(lastHold - from < 900_000);
  box.clock.advance(300_000);
  const place = await box.join(other.fan);
  assert.equal((await tryHold(box, other.fan, place, sale, seatIds.slice(0, 4))).status, 201);
  assert.ok(box.clock() - from <= (900 + 300 + 300) * 1000);
});

Deno.test("a lapsed hold is anybody's from its last millisecond on, its fan's too", async () => {
  const box = open();
  const sale = await putOnSale(box);
  const seats = sale.schedules[0]!.seatIds.slice(0, 1);
  const [hoarder, other] = [await inside(box, "hoards"), await inside(box, "is quicker")];
  await holdSeats(box, hoarder.fan, hoarder.place, sale, seats);
  box.clock.advance(box.config.holdTtlSeconds * 1000 - 1);
  const early = await tryHold(box, other.fan, other.place, sale, seats);
  assertRefused(early, 409, "SEAT_UNAVAILABLE");
  box.clock.advance(1);
  assert.equal((await tryHold(box, other.fan, other.place, sale, seats)).status, 201);
  const late = await tryHold(box, hoarder.fan, hoarder.place, sale, seats);
  assertRefused(late, 409, "SEAT_UNAVAILABLE");
});

Deno.test("seats that are held for a friend and cancelled are anybody's at once, and the friend needs a turn", async () => {
  const box = open({ QUEUE_CAPACITY: "2" });
  const sale = await putOnSale(box);
  const seats = sale.schedules[0]!.seatIds.slice(0, 4);
  const [holder, stranger] = [await inside(box, "holds"), await inside(box, "is inside")];
  const friend = newFan("friend");
  const waiting = await box.join(friend);
  const held = await holdSeats(box, holder.fan, holder.place, sale, seats);
  for (const id of held) await box.call("DELETE", `/v1/reservations/${id}`, { fan: holder.fan });
  assertRefused(await tryHold(box, friend, waiting, sale, seats), 403, "NOT_ADMITTED");
  assert.equal((await tryHold(box, stranger.fan, stranger.place, sale, seats)).status, 201);
  // Nobody pays for the hold of somebody else, and a hold is not handed on.
  const [mine] = await holdSeats(box, holder.fan, holder.place, sale, [
    sale.schedules[0]!.seatIds[5]!,
  ]);
  await charge(box, friend, 10_000);
  assertRefused(await pay(box, friend, [mine!]), 404, "RESERVATION_NOT_FOUND");
});

Deno.test("a seat that was refunded is anybody's at once, and its fan needs a new turn for it", async () => {
  const box = open();
  const sale = await putOnSale(box, { dates: [1] });
  const { scheduleId, seatIds } = sale.schedules[0]!;
  const refundUntil = new Date(box.clock() + 3_600_000).toISOString();
  const schedules = [{ scheduleId, refundUntil }];
  const changed = await box.call("PATCH", `/v1/admin/concerts/${sale.concertId}`, {
    operator: true,
    json: { schedules },
  });
  assert.equal(changed.status, 200, changed.text);
  const { fan, place, payments } = await buyer(box, sale, seatIds, "gives back");
  const other = await inside(box, "takes it");
  const refund = () => box.call("POST", `/v1/payments/${payments[0]}/refunds`, { fan });
  const first = await refund();
  assert.deepEqual([first.status, first.body.balance], [201, 100_000]);
  await box.settle();
  assertRefused(await tryHold(box, fan, place, sale, seatIds), 403, "NOT_ADMITTED");
  assert.equal((await tryHold(box, other.fan, other.place, sale, seatIds)).status, 201);
  const again = await refund();
  assert.deepEqual([again.status, again.body], [200, first.body], "nothing is refunded twice");
  const { items } = (await box.call("GET", "/v1/tickets", { fan })).body;
  assert.deepEqual(items.map(({ status }: { status: string }) => status), ["VOID"]);
});

Deno.test("of the copies of a code one lets in, and none after a refund", async () => {
  const box = open(DOOR);
  const sale = await putOnSale(box);
  const { fan, payments } = await buyer(box, sale, sale.schedules[0]!.seatIds.slice(0, 2), "sells");
  const { items } = (await box.call("GET", "/v1/tickets", { fan })).body;
  const codes = new Map(
    items.map((ticket: { reservationId: string; code: string }) => [
      ticket.reservationId,
      ticket.code,
    ]),
  );
  const listed = (await box.call("GET", "/v1/payments", { fan })).body.items;
  const [sold, refunded] = payments.map((paymentId) =>
    codes.get(
      listed.find((one: { paymentId: string }) => one.paymentId === paymentId).reservationId,
    ) as string
  );
  const copies = await Promise.all(Array.from({ length: 5 }, () => checkIn(box, sold!)));
  assert.equal(copies.filter(({ status }) => status === 201).length, 1);
  for (const copy of copies.filter(({ status }) => status !== 201)) {
    assertRefused(copy, 409, "ALREADY_CHECKED_IN");
  }
  const json = { reason: "sold on" };
  const path = `/v1/admin/payments/${payments[1]}/refunds`;
  assert.equal((await box.call("POST", path, { operator: true, json })).status, 201);
  assertRefused(await checkIn(box, refunded!), 409, "TICKET_VOID");
});

Deno.test("an admission ends with the purchase, and buys nothing more", async () => {
  const box = open();
  const room = await makeRoom(box, { capacity: 1 });
  const sale = await putOnSale(box, { room });
  const { seatIds } = sale.schedules[0]!;
  const fan = newFan("stays");
  await charge(box, fan, 10_000);
  const joined = await box.call("POST", "/v1/queue/tokens", { fan, json: { room } });
  const place = joined.body.token;
  const held = await holdSeats(box, fan, place, sale, seatIds.slice(0, 1));
  assert.equal((await pay(box, fan, held)).status, 201);
  await box.settle();
  assertRefused(await tryHold(box, fan, place, sale, seatIds.slice(1, 2)), 403, "NOT_ADMITTED");
  const looker = await box.call("POST", "/v1/queue/tokens", {
    fan: newFan("next"),
    json: { room },
  });
  assert.equal(looker.body.state, "ADMITTED");
  assert.equal(
    await seatStatus(box, newFan("x"), place, sale, seatIds[1]!).catch(() => "hidden"),
    "hidden",
  );
});
