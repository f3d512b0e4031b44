import assert from "node:assert/strict";
import { webhookSignature } from "../../src/application/webhook_signature.ts";
import { EVENT_TYPES } from "../../src/domain/webhook.ts";
import { type ApiBox, newFan, type Received } from "../support/api_box.ts";
import { DOCUMENT_ID, openApiChecker } from "../support/openapi_checker.ts";
import { openReceiver, type ReceivedEvent, type Receiver } from "../support/receiver.ts";
import { holdSeats, pay, putOnSale } from "../support/sale.ts";
import type { OpenBox, Scenario } from "./scenario.ts";
import { buyTickets } from "./tickets.ts";
import { deleteAll, register } from "./webhook_registrations.ts";

const MINUTE_MS = 60_000;

/** Runs with receivers of all events, which the scenarios of this database would hear from too. */
export async function withReceivers(
  open: OpenBox,
  count: number,
  run: (box: ApiBox, receivers: Receiver[], registered: Received["body"][]) => Promise<void>,
): Promise<void> {
  const box = await open();
  const receivers = await Promise.all(Array.from({ length: count }, openReceiver));
  const registered = [];
  try {
    for (const { url } of receivers) {
      registered.push((await register(box, { url, events: EVENT_TYPES })).body);
    }
    await run(box, receivers, registered);
  } finally {
    await deleteAll(box);
    await box.settle();
    for (const receiver of receivers) await receiver.close();
  }
}

/** Sells all seats of a concert of one date with two seats, one after the other. */
async function sellOut(box: ApiBox, seats = 2) {
  const fan = newFan("a");
  const sale = await putOnSale(box, { dates: [seats], price: 0 });
  await putOnSale(box); // The room has seats left, so that fans of later scenarios are admitted.
  for (const seatId of sale.schedules[0]!.seatIds) {
    const place = await box.join(fan);
    const paid = await pay(box, fan, await holdSeats(box, fan, place, sale, [seatId]));
    assert.equal(paid.status, 201);
    await box.settle();
  }
  return { fan, sale };
}

async function verify(secret: string, { headers, text }: ReceivedEvent): Promise<boolean> {
  const signed = `${headers.get("webhook-id")}.${headers.get("webhook-timestamp")}.${text}`;
  return await webhookSignature(secret, signed) === headers.get("webhook-signature");
}

const typesOf = ({ events }: Receiver) => events.map(({ body }) => body.type);
const SOLD_OUT = [
  "payment.completed",
  "payment.completed",
  "schedule.sold_out",
  "concert.sold_out",
];

export function webhookScenarios(test: Scenario): void {
  test("a receiver hears of a sale soon after the answers, signed, in order and as documented", async (open) => {
    await withReceivers(open, 1, async (box, [receiver], [{ secret }]) => {
      const { fan, sale } = await sellOut(box);
      assert.deepEqual(typesOf(receiver!), SOLD_OUT);
      const { text } = await box.call("GET", "/openapi.json");
      const { ajv } = openApiChecker(text);
      for (const event of receiver!.events) {
        assert.ok(await verify(secret, event), "the signature");
        const step = `webhooks/${event.body.type}/post/requestBody/content/application~1json`;
        const validate = ajv.getSchema(`${DOCUMENT_ID}#/${step}/schema`)!;
        assert.ok(validate(event.body), ajv.errorsText(validate.errors));
        assert.equal(event.body.timestamp, new Date(box.clock()).toISOString());
        assert.equal(event.headers.get("webhook-timestamp"), String(box.clock() / 1000));
      }
      const sequences = receiver!.events.map(({ body }) => body.sequence);
      assert.deepEqual(sequences, [...new Set(sequences)].sort((one, two) => one - two));
      const { data } = receiver!.events[0]!.body;
      assert.deepEqual([data.userId, data.concertId, data.amount], [fan, sale.concertId, 0]);
      assert.deepEqual(receiver!.events[3]!.body.data, { concertId: sale.concertId });
    });
  });

  test("a receiver that fails hears of everything later, and keeps no other waiting", async (open) => {
    await withReceivers(open, 2, async (box, [bad, good]) => {
      bad!.answer = () => new Response("no", { status: 500 });
      await sellOut(box);
      assert.deepEqual(typesOf(good!), SOLD_OUT);
      const { body } = await box.call("GET", "/v1/admin/webhooks", { operator: true });
      const [{ pending, lastFailure, lastDeliveredAt }, other] = body.webhooks;
      const at = new Date(box.clock()).toISOString();
      assert.deepEqual([pending, lastFailure, lastDeliveredAt], [
        4,
        { at, reason: "status 500" },
        null,
      ]);
      assert.deepEqual([other.pending, other.lastFailure, other.lastDeliveredAt], [0, null, at]);
      const ids = ({ events }: Receiver) =>
        new Set(events.map(({ headers }) => headers.get("webhook-id")));
      bad!.events.length = 0;
      bad!.answer = () => new Response(null, { status: 200 });
      box.clock.advance(MINUTE_MS);
      await box.tick();
      assert.deepEqual(typesOf(bad!), SOLD_OUT);
      assert.deepEqual(ids(bad!), ids(good!));
      assert.equal(good!.events.length, 4);
    });
  });

  test("a redirect is refused, and 410 disables the webhook until a replay", async (open) => {
    await withReceivers(open, 2, async (box, [bad, elsewhere], [{ webhookId }]) => {
      const since = new Date(box.clock() - 1).toISOString();
      bad!.answer = () => Response.redirect(elsewhere!.url, 307);
      const { sale } = await sellOut(box, 1);
      assert.equal(elsewhere!.events.length, 3, "its own alone");
      bad!.answer = () => new Response(null, { status: 410 });
      box.clock.advance(MINUTE_MS);
      await box.tick();
      const see = async () =>
        (await box.call("GET", "/v1/admin/webhooks", { operator: true })).body.webhooks[0];
      const { disabledAt, pending } = await see();
      assert.deepEqual([disabledAt, pending], [new Date(box.clock()).toISOString(), 0]);
      bad!.events.length = 0;
      await sellOut(box, 1);
      assert.equal(bad!.events.length, 0);

      bad!.answer = () => new Response();
      const path = `/v1/admin/webhooks/${webhookId}/replays`;
      const replay = await box.call("POST", path, { operator: true, json: { since } });
      assert.equal(replay.status, 201);
      assert.equal(replay.body.nextSince, null);
      await box.settle();
      assert.equal((await see()).disabledAt, null);
      assert.ok(bad!.events.length > 0, "deliveries begin after the answer");
      await box.tick();
      const heard = bad!.events.filter(({ body }) => body.data.concertId === sale.concertId);
      assert.deepEqual(heard.map(({ body }) => body.type), [
        "payment.completed",
        "schedule.sold_out",
        "concert.sold_out",
      ]);
    });
  });

  test("the cron delivers what no answer did, also when no sale is on", async (open) => {
    await withReceivers(open, 1, async (box, [receiver]) => {
      receiver!.answer = () => new Response(null, { status: 503 });
      await sellOut(box, 1);
      receiver!.events.length = 0;
      receiver!.answer = () => new Response();
      box.clock.advance(60 * MINUTE_MS);
      await box.tick();
      assert.equal(receiver!.events.length, 3);
      await box.tick();
      assert.equal(receiver!.events.length, 3);
    });
  });

  test("a receiver hears of a check-in soon after it", async (open) => {
    await withReceivers(open, 1, async (box, [receiver]) => {
      const { tickets: [ticket] } = await buyTickets(box);
      await box.settle();
      receiver!.events.length = 0;
      const json = { code: ticket.code, door: "Gate 3" };
      await box.call("POST", "/v1/admin/checkins", { operator: true, json });
      await box.settle();
      assert.deepEqual(typesOf(receiver!), ["ticket.checked_in"]);
      const { data } = receiver!.events[0]!.body;
      assert.deepEqual([data.ticketId, data.door], [ticket.ticketId, "Gate 3"]);
    });
  });
}
