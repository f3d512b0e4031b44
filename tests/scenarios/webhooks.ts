import assert from "node:assert/strict";
import { webhookSignature } from "../../src/application/webhook_signature.ts";
import { EVENT_TYPES, MAX_WEBHOOKS } from "../../src/domain/webhook.ts";
import { type ApiBox, newFan, type Received } from "../support/api_box.ts";
import { DOCUMENT_ID, openApiChecker } from "../support/openapi_checker.ts";
import { openReceiver, type ReceivedEvent, type Receiver } from "../support/receiver.ts";
import { holdSeats, pay, putOnSale } from "../support/sale.ts";
import type { OpenBox, Scenario } from "./scenario.ts";
import { buyTickets } from "./tickets.ts";

const MINUTE_MS = 60_000;
const URL_OF_RECEIVER = "https://hooks.example.com/stanchion";

function register(box: ApiBox, json: object): Promise<Received> {
  return box.call("POST", "/v1/admin/webhooks", { operator: true, json });
}

async function deleteAll(box: ApiBox): Promise<void> {
  const { body } = await box.call("GET", "/v1/admin/webhooks", { operator: true });
  for (const { webhookId } of body.webhooks) {
    await box.call("DELETE", `/v1/admin/webhooks/${webhookId}`, { operator: true });
  }
}

/** Other scenarios of this database have later clocks, so that their entries come first. */
async function auditEntryOf(box: ApiBox, subject: string): Promise<Received["body"]> {
  for (let cursor = ""; cursor !== null;) {
    const path = `/v1/admin/audit?limit=100${cursor && `&cursor=${cursor}`}`;
    const { body } = await box.call("GET", path, { operator: true });
    const found = body.items.find((item: { subject: string | null }) => item.subject === subject);
    if (found) return found;
    cursor = body.nextCursor;
  }
  assert.fail(`no entry of ${subject}`);
}

/** Runs with receivers of all events, which the scenarios of this database would hear from too. */
async function withReceivers(
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

  test("the secret is shown once, and is one of Standard Webhooks", async (open) => {
    const box = await open();
    try {
      const json = { url: URL_OF_RECEIVER, events: ["concert.withdrawn"], reason: "the CRM" };
      const one = await register(box, json);
      assert.equal(one.status, 201);
      const { secret, ...webhook } = one.body;
      assert.match(secret, /^whsec_[A-Za-z0-9+/]{43}=$/);
      assert.deepEqual([webhook.url, webhook.events], [json.url, json.events]);
      assert.notEqual((await register(box, json)).body.secret, secret);
      const list = await box.call("GET", "/v1/admin/webhooks", { operator: true });
      assert.deepEqual(list.body.webhooks[0], webhook);
      assert.doesNotMatch(list.text, /whsec_/);
      const entry = await auditEntryOf(box, webhook.webhookId);
      assert.deepEqual([entry.action, entry.reason, entry.new], [
        "WEBHOOK_CREATED",
        "the CRM",
        { url: json.url, events: json.events },
      ]);
      const path = `/v1/admin/webhooks/${webhook.webhookId}`;
      const deleted = await box.call("DELETE", `${path}?reason=moved`, { operator: true });
      assert.deepEqual([deleted.status, deleted.body], [200, webhook]);
      const again = await box.call("DELETE", path, { operator: true });
      assert.deepEqual([again.status, again.body.code], [404, "NOT_FOUND"]);
      const since = "2026-11-30T00:00:00Z";
      const replay = await box.call("POST", `${path}/replays`, { operator: true, json: { since } });
      assert.deepEqual([replay.status, replay.body.code], [404, "NOT_FOUND"]);
    } finally {
      await deleteAll(box);
    }
  });

  test("a registration that is sent again under its key is one, with one secret", async (open) => {
    const box = await open();
    const sent = {
      operator: true,
      key: `webhook-${crypto.randomUUID()}`,
      json: { url: URL_OF_RECEIVER, events: ["concert.withdrawn"] },
    } as const;
    try {
      const first = await box.call("POST", "/v1/admin/webhooks", sent);
      const again = await box.call("POST", "/v1/admin/webhooks", sent);
      assert.deepEqual([again.status, again.text], [201, first.text]);
      const { body } = await box.call("GET", "/v1/admin/webhooks", { operator: true });
      assert.equal(body.webhooks.length, 1);
      const other = { ...sent, json: { ...sent.json, events: ["concert.sold_out"] } };
      const reused = await box.call("POST", "/v1/admin/webhooks", other);
      assert.deepEqual([reused.status, reused.body.code], [422, "IDEMPOTENCY_KEY_REUSED"]);
    } finally {
      await deleteAll(box);
    }
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

  test("bad webhooks are refused, each fault named, and none is registered", async (open) => {
    const box = await open();
    const good = { url: URL_OF_RECEIVER, events: ["concert.sold_out"] };
    const faults: [object, string][] = [
      [{ events: good.events }, "url"],
      [{ url: good.url }, "events"],
      [{ ...good, url: 7 }, "url"],
      [{ ...good, url: "" }, "url"],
      [{ ...good, url: "http://hooks.example.com/" }, "url"],
      [{ ...good, url: "https://10.0.0.1/" }, "url"],
      [{ ...good, url: "https://0x0a000001/" }, "url"],
      [{ ...good, url: "https://[::ffff:10.0.0.1]/" }, "url"],
      [{ ...good, url: "https://user:secret@hooks.example.com/" }, "url"],
      [{ ...good, url: "https://metadata.google.internal/" }, "url"],
      [{ ...good, url: "https://hooks/" }, "url"],
      [{ ...good, url: "https://hooks.example.com./" }, "url"],
      [{ ...good, url: `https://hooks.example.com/${"a".repeat(2_100)}` }, "url"],
      [{ ...good, url: "https://hooks.example.com/\u0000" }, "url"],
      [{ ...good, events: [] }, "events"],
      [{ ...good, events: ["concert.sold"] }, "events[0]"],
      [{ ...good, events: ["concert.sold_out", "concert.sold_out"] }, "events"],
      [{ ...good, events: "concert.sold_out" }, "events"],
      [{ ...good, secret: "whsec_mine" }, "secret"],
      [{ ...good, reason: "" }, "reason"],
    ];
    for (const [json, path] of faults) {
      const { status, body } = await register(box, json);
      assert.deepEqual([status, body.code], [400, "VALIDATION_FAILED"], JSON.stringify(json));
      assert.equal(body.errors[0].path, path, JSON.stringify(json));
    }
    const both = await register(box, { url: "ftp://a", events: [] });
    assert.deepEqual(both.body.errors.map(({ path }: { path: string }) => path), ["url", "events"]);
    const { body } = await box.call("GET", "/v1/admin/webhooks", { operator: true });
    assert.deepEqual(body.webhooks, []);
    for (const since of ["", "yesterday", 5, null]) {
      const json = { since };
      const bad = await box.call("POST", "/v1/admin/webhooks/any/replays", {
        operator: true,
        json,
      });
      assert.deepEqual([bad.status, bad.body.errors[0].path], [400, "since"]);
    }
    const fan = newFan("f");
    for (
      const [method, path] of [["GET", ""], ["POST", ""], ["DELETE", "/a"], ["POST", "/a/replays"]]
    ) {
      const sent = { fan, ...method === "POST" ? { json: good } : {} };
      const { status, body } = await box.call(method!, `/v1/admin/webhooks${path}`, sent);
      assert.deepEqual([status, body.code], [401, "UNAUTHENTICATED"]);
    }
  });

  test("one webhook more than there may be is refused with what would help", async (open) => {
    const box = await open();
    const json = { url: URL_OF_RECEIVER, events: ["concert.withdrawn"] };
    try {
      for (let count = 0; count < MAX_WEBHOOKS; count++) {
        assert.equal((await register(box, json)).status, 201);
      }
      const { status, body } = await register(box, json);
      assert.deepEqual([status, body.errors], [400, [{
        path: "url",
        message: "must not be one more than 20: delete one first",
      }]]);
    } finally {
      await deleteAll(box);
    }
  });

  test("the document describes every event, with the headers that sign it", async (open) => {
    const { body } = await (await open()).call("GET", "/openapi.json");
    assert.deepEqual(Object.keys(body.webhooks).sort(), [...EVENT_TYPES].sort());
    for (
      const { post } of Object.values<{ post: { parameters: { name: string }[] } }>(body.webhooks)
    ) {
      assert.deepEqual(post.parameters.map(({ name }) => name), [
        "webhook-id",
        "webhook-timestamp",
        "webhook-signature",
      ]);
    }
  });
}
