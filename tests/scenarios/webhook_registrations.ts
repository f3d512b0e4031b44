import assert from "node:assert/strict";
import { EVENT_TYPES, MAX_WEBHOOKS } from "../../src/domain/webhook.ts";
import { type ApiBox, newFan, type Received } from "../support/api_box.ts";
import type { Scenario } from "./scenario.ts";

const URL_OF_RECEIVER = "https://hooks.example.com/stanchion";

export function register(box: ApiBox, json: object): Promise<Received> {
  return box.call("POST", "/v1/admin/webhooks", { operator: true, json });
}

export async function deleteAll(box: ApiBox): Promise<void> {
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

/** How operators register receivers. */
export function webhookRegistrationScenarios(test: Scenario): void {
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
      assert.deepEqual([entry.action, entry.reason, entry.after], [
        "WEBHOOK_CREATED",
        "the CRM",
        { url: json.url, events: json.events },
      ]);
      const path = `/v1/admin/webhooks/${webhook.webhookId}`;
      const deleted = await box.call("DELETE", `${path}?reason=moved`, { operator: true });
      assert.deepEqual([deleted.status, deleted.body], [200, webhook]);
      const again = await box.call("DELETE", path, { operator: true });
      assert.deepEqual([again.status, again.body.code], [404, "NOT_FOUND"]);
      assert.equal(again.body.detail, "There is no such webhook.");
      const since = "2026-11-30T00:00:00Z";
      const replay = await box.call("POST", `${path}/replays`, { operator: true, json: { since } });
      assert.deepEqual([replay.status, replay.body.code], [404, "NOT_FOUND"]);
      assert.equal(replay.body.detail, "There is no such webhook.");
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
