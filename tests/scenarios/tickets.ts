import assert from "node:assert/strict";
import { type ApiBox, newFan, type Received } from "../support/api_box.ts";
import { charge, holdSeats, pay, putOnSale, type Sale } from "../support/sale.ts";
import type { Scenario } from "./scenario.ts";

export interface Buyer {
  readonly fan: string;
  readonly place: string;
  readonly sale: Sale;
  // deno-lint-ignore no-explicit-any
  readonly tickets: any[];
}

/** A fan who has paid for seats of a new concert. */
export async function buyTickets(box: ApiBox, seats = 1): Promise<Buyer> {
  const fan = newFan("buyer");
  const place = await box.join(fan);
  const sale = await putOnSale(box, { price: 100 });
  await charge(box, fan, 1_000);
  const held = await holdSeats(box, fan, place, sale, sale.schedules[0]!.seatIds.slice(0, seats));
  assert.equal((await pay(box, fan, held)).status, 201);
  await box.settle();
  const { body } = await box.call("GET", "/v1/tickets", { fan });
  return { fan, place, sale, tickets: body.items };
}

export function withdraw(box: ApiBox, { sale }: Buyer): Promise<Received> {
  const json = { status: "WITHDRAWN" };
  return box.call("PATCH", `/v1/admin/concerts/${sale.concertId}`, { operator: true, json });
}

export function ticketScenarios(test: Scenario): void {
  test("GET /v1/tickets shows buyers where to sit, without an admission", async (open) => {
    const box = await open();
    const { fan, place, sale, tickets } = await buyTickets(box, 2);
    const reservations = await box.call("GET", "/v1/reservations", { fan });
    const members = [
      ...["reservationId", "concertId", "concertTitle", "venue", "timeZone", "scheduleId"],
      ...["concertAt", "seatNumber", "seatLabel", "section", "row", "ticketId"],
    ];
    assert.deepEqual(
      tickets.map((ticket) => members.map((member) => ticket[member])),
      reservations.body.items.map((reservation: Record<string, unknown>) =>
        members.map((member) => reservation[member])
      ),
    );
    const { status, checkedInAt, scheduleId, code } = tickets[0];
    assert.deepEqual([status, checkedInAt], ["VALID", null]);
    assert.equal(scheduleId, sale.schedules[0]!.scheduleId);
    const list = await box.call("GET", "/v1/concerts", { fan, place });
    assert.equal(list.body.code, "NOT_ADMITTED", "the payment ended the place");

    const one = await box.call("GET", `/v1/tickets/${tickets[0].ticketId}`, { fan });
    assert.deepEqual([one.status, one.body], [200, tickets[0]], "the code is the same each time");
    assert.match(code, /^ticket-v1\.tkt_[^.]+\.\d+\.[\w-]{11}\.[\w-]{86}$/);
    const first = await box.call("GET", "/v1/tickets?limit=1", { fan });
    const query = `limit=1&cursor=${first.body.nextCursor}`;
    const second = await box.call("GET", `/v1/tickets?${query}`, { fan });
    assert.deepEqual([...first.body.items, ...second.body.items], tickets);
    assert.equal(second.body.nextCursor, null);
  });

  test("GET /v1/tickets/{ticketId} is for the fan who bought it alone", async (open) => {
    const box = await open();
    const { fan, tickets: [{ ticketId }] } = await buyTickets(box);
    for (const path of [`/v1/tickets/${ticketId}`, `/v1/tickets/${ticketId}/qr.svg`]) {
      assert.equal((await box.call("GET", path, { fan })).status, 200);
      assert.equal((await box.call("GET", path)).body.code, "UNAUTHENTICATED");
      assert.equal((await box.call("GET", path, { operator: true })).body.code, "UNAUTHENTICATED");
      const other = await box.call("GET", path, { fan: newFan("thief") });
      assert.deepEqual([other.status, other.body.code], [404, "TICKET_NOT_FOUND"]);
    }
    const none = await box.call("GET", "/v1/tickets", { fan: newFan("x") });
    assert.deepEqual(none.body, { items: [], nextCursor: null });
    for (const id of ["tkt_missing", "%00", encodeURIComponent("x".repeat(300))]) {
      const { status } = await box.call("GET", `/v1/tickets/${id}`, { fan });
      assert.ok(status === 404 || status === 400, `${id}: ${status}`);
    }
  });

  test("GET /v1/tickets/{ticketId}/qr.svg is an image that nobody keeps", async (open) => {
    const box = await open();
    const { fan, tickets: [{ ticketId }] } = await buyTickets(box);
    const path = `/v1/tickets/${ticketId}/qr.svg`;
    const { headers, text } = await box.call("GET", path, { fan });
    assert.equal(headers.get("Content-Type"), "image/svg+xml");
    assert.equal(headers.get("Cache-Control"), "no-store");
    assert.match(text, /^<svg [^>]*>(<path [^>]*\/>){2}<\/svg>$/);
    assert.equal((await box.call("GET", path, { fan })).text, text);
  });

  test("a ticket of a withdrawn concert is VOID, and its code stays readable", async (open) => {
    const box = await open();
    const buyer = await buyTickets(box);
    const { fan, tickets: [ticket] } = buyer;
    assert.equal((await withdraw(box, buyer)).status, 200);
    const { body } = await box.call("GET", `/v1/tickets/${ticket.ticketId}`, { fan });
    assert.deepEqual(body, { ...ticket, status: "VOID" });
    const image = await box.call("GET", `/v1/tickets/${ticket.ticketId}/qr.svg`, { fan });
    assert.equal(image.status, 200);
  });

  test("GET /.well-known/jwks.json has every key of SIGNING_KEY, and may be kept", async (open) => {
    const [one, two] = ["1".repeat(64), "2".repeat(64)];
    const before = await open({ SIGNING_KEY: one! });
    const rotated = await open({ SIGNING_KEY: `${two},${one}` });
    const path = "/.well-known/jwks.json";
    const answer = await before.call("GET", path);
    assert.equal(answer.headers.get("Cache-Control"), "public, max-age=300");
    assert.match(answer.headers.get("Server-Timing")!, /redis;desc="0".*postgres;desc="0"/);
    const [old] = answer.body.keys;
    const [first, second, ...others] = (await rotated.call("GET", path)).body.keys;
    assert.deepEqual([second, others], [old, []]);
    const { tickets: [{ code }] } = await buyTickets(rotated);
    assert.equal(code.split(".")[3], first.kid);
  });
}
