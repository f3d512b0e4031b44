import assert from "node:assert/strict";
import {
  callWindowMs,
  orderAfterReset,
  orderBeforeFirst,
  orderForRejoin,
  orderOfGathered,
  orderOfGatheredAfterReset,
  TICKET_SPAN,
  ticketOf,
  waitingCount,
} from "../../src/domain/queue.ts";
import { tokenOfFan } from "../support/fronts.ts";

const AT_MS = Date.UTC(2030, 0, 1);
const DAY_MS = 86_400_000;

Deno.test("`callWindowMs()` is the longest poll and the time to show up", () => {
  assert.equal(callWindowMs(60_000, 60), 120_000);
  assert.equal(callWindowMs(500, 7), 7_500);
});

Deno.test("tickets of every epoch are numbered from 1", () => {
  for (const atMs of [AT_MS, Date.UTC(2105, 0, 1)]) {
    for (const ticket of [1, 2, 33_554_431]) {
      const order = orderBeforeFirst(atMs) + ticket;
      assert.ok(Number.isSafeInteger(order));
      assert.equal(ticketOf(order), ticket);
    }
  }
});

Deno.test("a ticket is ahead of every ticket of a later epoch, with its number", () => {
  const orders = [AT_MS, AT_MS + 20_000, AT_MS + DAY_MS].flatMap((beganMs) =>
    [1, 2, 1_000_000].map((ticket) => orderBeforeFirst(beganMs) + ticket)
  );
  const first = orderBeforeFirst(AT_MS + 2 * DAY_MS);
  assert.deepEqual(orders.map((order) => orderAfterReset(order, first)), orders);
  assert.ok(orders.every((order, index) => order < (orders[index + 1] ?? first)));
});

Deno.test("a ticket of an epoch that began a moment ago is ahead too", () => {
  const first = orderBeforeFirst(AT_MS);
  const [one, two] = [orderAfterReset(first + 1, first), orderAfterReset(first + 2, first)];
  assert.ok(one < two && two < first);
  assert.deepEqual([ticketOf(one), ticketOf(two)], [1, 2]);
});

Deno.test("a gathered fan is, after a reset, ahead of every ticket of that epoch", () => {
  const first = orderBeforeFirst(AT_MS);
  const tokens = [1, 2, 1_000_000].map((number) => orderOfGathered(first, number));
  const shares = [0, 0.5, 1 - 2 ** -52];
  for (const resetMs of [AT_MS, AT_MS + 20_000, AT_MS + DAY_MS]) {
    const next = orderBeforeFirst(resetMs);
    const ofTickets = [1, 1_000_000].map((ticket) => orderAfterReset(first + ticket, next));
    for (const token of tokens) {
      assert.ok(token < 0);
      const back = shares.map((share) => orderOfGatheredAfterReset(token, share, next));
      assert.deepEqual(back, back.toSorted((a, b) => a - b), "in the order of the draw");
      assert.equal(new Set(back).size, shares.length);
      assert.ok(back.every((order) => order < Math.min(...ofTickets)));
      assert.ok(back.every((order) => order > 0 && ticketOf(order) >= 1));
    }
  }
});

Deno.test("a fan who gathered in an earlier epoch is ahead of a later epoch's", () => {
  const [earlier, later] = [AT_MS, AT_MS + 40_000].map((beganMs) =>
    orderOfGathered(orderBeforeFirst(beganMs), 1)
  );
  const first = orderBeforeFirst(AT_MS + DAY_MS);
  const last = orderOfGatheredAfterReset(earlier!, 1 - 2 ** -52, first);
  assert.ok(last < orderOfGatheredAfterReset(later!, 0, first));
});

Deno.test("an epoch begins at the multiple of the span that counts steps of 16 s since 1970", () => {
  const spans = [0, 15_999, 16_000, 31_999, 32_000].map((ms) => orderBeforeFirst(ms) / TICKET_SPAN);
  assert.deepEqual(spans, [0, 0, 1, 1, 2]);
});

Deno.test("the order of a gathered fan says the number of the gathering", () => {
  const first = orderBeforeFirst(AT_MS);
  for (const number of [1, 2, 1_000_000]) {
    assert.equal(-orderOfGathered(first, number) - first, number);
  }
});

Deno.test("`orderForRejoin()` is negative where the draw decides, with a ticket of it or without", () => {
  const orders = [7, -7].flatMap((order) =>
    [true, false].map((isDrawn) => orderForRejoin(tokenOfFan({ order, isDrawn })))
  );
  assert.deepEqual(orders, [-7, 7, -7, -7]);
});

Deno.test("`waitingCount()` counts fans before and after the draw", () => {
  assert.equal(waitingCount({ gathered: 3, waiting: 4 }), 7);
});
