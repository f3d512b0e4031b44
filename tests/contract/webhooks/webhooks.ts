import { deepEqual, equal, rejects } from "node:assert/strict";
import type { WebhookId } from "../../../src/domain/ids.ts";
import { EVENT_TYPES, MAX_WEBHOOKS } from "../../../src/domain/webhook.ts";
import { unchanged } from "../box_office/laws.ts";
import {
  ALEX,
  type ContractTest,
  must,
  newOnce,
  refusalOf,
  rfc3339,
} from "../box_office/office.ts";
import { claim, dataOf, emit, register, replay, settle, withWebhooks } from "./receiver.ts";

const UNKNOWN = { kind: "UNKNOWN_WEBHOOK" };
const DAY_MS = 86_400_000;
const KIM = { operator: "kim", reason: null };

/** The operator's acts on webhooks. */
export function webhooksContract(test: ContractTest): void {
  test("a webhook is listed from its registration to its deletion", async (office) => {
    const { webhooks, clock } = office;
    await withWebhooks(office, [["concert.sold_out", "payment.completed"]], async ([webhookId]) => {
      const expected = {
        webhookId,
        url: "https://hooks.example.com/",
        events: ["concert.sold_out", "payment.completed"],
        createdAt: rfc3339(clock.nowMs),
        disabledAt: null,
        lastDeliveredAt: null,
        lastFailure: null,
        pending: 0,
      };
      deepEqual(await webhooks.list(), [expected]);
      clock.nowMs += 1;
      const second = await register(office);
      deepEqual((await webhooks.list()).map((webhook) => webhook.webhookId), [webhookId, second]);
      deepEqual(must(await webhooks.delete(webhookId, KIM)), expected);
      deepEqual((await webhooks.list()).map((webhook) => webhook.webhookId), [second]);
      deepEqual(refusalOf(await webhooks.delete(webhookId, KIM)), UNKNOWN);
    });
    deepEqual(await webhooks.list(), []);
  });

  test("acts with an idempotency key are done once, and answered alike", async (office) => {
    const { webhooks, clock } = office;
    const once = newOnce("webhooks");
    const registration = () => {
      const webhookId = `whk_${crypto.randomUUID()}` as const;
      const webhook = {
        url: "https://a.example.com/",
        events: EVENT_TYPES,
        secret: crypto.randomUUID(),
      };
      return webhooks.register({ webhookId, ...webhook }, ALEX, once);
    };
    await withWebhooks(office, [], async () => {
      const first = must(await registration());
      deepEqual(must(await registration()), { ...first, replayed: true });
      const { webhookId, secret } = JSON.parse(first.json);
      equal((await webhooks.list()).length, 1);
      equal(typeof secret, "string");
      clock.nowMs += 1;
      const since = rfc3339(clock.nowMs - 1);
      await emit(office, "concert.sold_out", {});
      const again = newOnce("replays");
      const replayed = must(await webhooks.replay(webhookId, since, ALEX, again));
      await settle(office, (await claim(office)).deliveries, { result: "DELIVERED" });
      deepEqual(must(await webhooks.replay(webhookId, since, ALEX, again)), {
        ...replayed,
        replayed: true,
      });
      equal((await claim(office)).deliveries.length, 0);
      const other = { ...once, bodyHash: "c".repeat(64) };
      deepEqual(
        refusalOf(await webhooks.replay(webhookId, since, ALEX, other)),
        { kind: "IDEMPOTENCY_KEY_REUSED" },
      );
    });
  });

  test("there are never more webhooks than the limit", async (office) => {
    await withWebhooks(office, Array(MAX_WEBHOOKS).fill(EVENT_TYPES), async ([first]) => {
      await unchanged(office.sql, () => rejects(register(office), /TOO_MANY_WEBHOOKS/));
      must(await office.webhooks.delete(first!, ALEX));
      await register(office);
      equal((await office.webhooks.list()).length, MAX_WEBHOOKS);
    });
  });

  test("each act on a webhook is one entry of the audit log", async (office) => {
    const { webhooks, auditLog, clock } = office;
    await withWebhooks(office, [["concert.sold_out"]], async ([webhookId]) => {
      const since = rfc3339(clock.nowMs);
      await replay(office, webhookId, since, KIM);
      must(await webhooks.delete(webhookId, ALEX));
      const { items } = await auditLog.list(null, { limit: 3, after: null });
      const seen = { url: "https://hooks.example.com/", events: ["concert.sold_out"] };
      const entry = {
        room: null,
        subject: webhookId,
        at: rfc3339(clock.nowMs),
        old: null,
        new: null,
      };
      deepEqual(items.map(({ entryId: _, ...rest }) => rest), [
        { ...entry, ...ALEX, action: "WEBHOOK_DELETED", old: seen },
        { ...entry, ...KIM, action: "EVENTS_REPLAYED", new: { since, events: 0 } },
        { ...entry, ...ALEX, action: "WEBHOOK_CREATED", new: seen },
      ]);
    });
  });

  test("`replay()` delivers newer events of its types again, under the ids that they had", async (office) => {
    const { webhooks, clock } = office;
    await withWebhooks(office, [["concert.sold_out"], EVENT_TYPES], async ([one, other]) => {
      clock.nowMs += 1000;
      await emit(office, "concert.sold_out", { concertId: 1 });
      const since = rfc3339(clock.nowMs);
      clock.nowMs += 1;
      await emit(office, "concert.withdrawn", { concertId: 2 });
      await emit(office, "concert.sold_out", { concertId: 3 }, { concertId: 4 });
      const first = await claim(office);
      equal(first.deliveries.length, 7);
      await settle(office, first.deliveries, { result: "DELIVERED" });
      deepEqual(await replay(office, one, since), { events: 2, nextSince: null });
      const again = await claim(office);
      deepEqual(dataOf(again.deliveries), [{ concertId: 3 }, { concertId: 4 }]);
      const of = ({ eventId, timestamp, attempts }: typeof again.deliveries[0]) =>
        [eventId, timestamp, attempts].join();
      const before = first.deliveries.filter(({ webhookId, data }) =>
        webhookId === one && (data as { concertId: number }).concertId > 2
      );
      deepEqual(again.deliveries.map(of), before.map(of));
      deepEqual(
        refusalOf(await webhooks.replay("whk_no" as WebhookId, since, ALEX, null)),
        UNKNOWN,
      );
      must(await webhooks.delete(other, ALEX));
      deepEqual(refusalOf(await webhooks.replay(other, since, ALEX, null)), UNKNOWN);
    });
  });

  test("a replay of many events goes on where it ended, and loses none of a millisecond", async (office) => {
    const { clock, sql } = office;
    await withWebhooks(office, [["ticket.checked_in"]], async ([webhookId]) => {
      clock.nowMs += 1000;
      let since: string | null = rfc3339(clock.nowMs);
      for (const count of [2, 3, 1]) {
        clock.nowMs += 1;
        await emit(office, "ticket.checked_in", ...Array(count).fill({}));
      }
      const replayed: number[] = [];
      while (since !== null) {
        const [row] = await sql(`select replay_events($1::text::jsonb)::text as result`, [
          JSON.stringify({
            webhookId,
            since,
            windowMs: DAY_MS,
            limit: 3,
            act: ALEX,
            now: rfc3339(clock.nowMs),
          }),
        ]);
        const { answer } = JSON.parse(row!["result"] as string);
        const { events, nextSince } = JSON.parse(answer);
        replayed.push(events);
        since = nextSince;
      }
      deepEqual(replayed, [5, 1]);
    });
  });

  test("a replay reaches back seven days, and its events stay until their retries end", async (office) => {
    const { clock, outbox, sql } = office;
    await withWebhooks(office, [["concert.withdrawn"]], async ([webhookId]) => {
      clock.nowMs += 1;
      const sweep = () => outbox.claim({ limit: 1, leaseMs: 1, except: [], sweep: true });
      await emit(office, "concert.withdrawn", { concertId: 5 });
      const emittedAt = clock.nowMs;
      const kept = async () =>
        (await sql("select 1 from events where at = $1::text::timestamptz", [rfc3339(emittedAt)]))
          .length;
      const long = rfc3339(0);
      clock.nowMs = emittedAt + 7 * DAY_MS - 1;
      equal((await replay(office, webhookId, long)).events, 1);
      clock.nowMs = emittedAt + 7 * DAY_MS;
      equal((await replay(office, webhookId, long)).events, 0);
      clock.nowMs = emittedAt + 8 * DAY_MS;
      await sweep();
      equal(await kept(), 1);
      clock.nowMs += 1;
      await sweep();
      equal(await kept(), 0);
    });
  });
}
