import { deepEqual, equal, ok } from "node:assert/strict";
import { EVENT_TYPES } from "../../../src/domain/webhook.ts";
import {
  ALEX,
  must,
  newRichFan,
  nth,
  putOnSale,
  rfc3339,
} from "../../contract/box_office/office.ts";
import {
  claim,
  emit,
  FAILED,
  LEASE_MS,
  register,
  settle,
  withWebhooks,
} from "../../contract/webhooks/receiver.ts";
import { withSeed } from "../../support/random.ts";
import { CONTENDERS, inTransaction, RACES_FILE, type RaceTest, rounds } from "./race.ts";

const CLAIM_ROUNDS = rounds(20);
const STORM_ACTS = 40;
const EVENTS = 24;

const EMIT = "select emit_event('concert.sold_out', '{}', now())";
const DELETE = "select delete_webhook($1::text::jsonb)";

/** Those who write events, deliver them and change their receivers, all at once. */
export function webhookRaces(test: RaceTest): void {
  test("of those who claim at once, each gets other deliveries", async ({ office }) => {
    await withWebhooks(office, [EVENT_TYPES, EVENT_TYPES], async () => {
      for (let round = 0; round < CLAIM_ROUNDS; round++) {
        await emit(office, "concert.sold_out", ...Array(EVENTS).fill({}));
        const claims = await Promise.all(
          Array.from({ length: CONTENDERS }, () => claim(office, EVENTS / 4)),
        );
        claims.push(await claim(office, EVENTS * 2));
        const all = claims.flatMap(({ deliveries }) => deliveries);
        const different = new Set(all.map(({ webhookId, sequence }) => `${webhookId} ${sequence}`));
        deepEqual([all.length, different.size], [EVENTS * 2, EVENTS * 2]);
        await settle(office, all, { result: "DELIVERED" });
      }
    });
  });

  test("a webhook is deleted while an act writes an event for it, and neither waits", async (track) => {
    const { office, database } = track;
    await withWebhooks(office, [EVENT_TYPES], async ([webhookId]) => {
      await inTransaction(database, async (session, commit) => {
        await session.sql(EMIT, []);
        must(await office.webhooks.delete(webhookId, ALEX));
        await commit();
      });
      deepEqual(await claim(office), { deliveries: [], hasWebhooks: false, dueInMs: null });
    });
  });

  test("a payment does not wait for the deletion of a webhook", async ({ office, database }) => {
    await withWebhooks(office, [EVENT_TYPES], async ([webhookId]) => {
      const [date] = await putOnSale(office, [{ seats: 1 }]);
      const fan = await newRichFan(office);
      const held = await fan.holdOne(date, nth(date.seatIds, 0));
      await inTransaction(database, async (session, commit) => {
        await session.sql(DELETE, [JSON.stringify({ webhookId, act: ALEX })]);
        must(await fan.pay([held]));
        await commit();
      });
      equal((await claim(office)).deliveries.length, 0);
    });
  });

  test("B6: acts on events, deliveries and webhooks do not deadlock", async ({ office }) => {
    const { clock, outbox, webhooks } = office;
    await withSeed(RACES_FILE, async (random) => {
      await withWebhooks(office, [EVENT_TYPES, EVENT_TYPES], async () => {
        const acts = [
          () => emit(office, "concert.sold_out", {}, {}),
          () => emit(office, "concert.withdrawn", {}),
          async () => {
            const { deliveries } = await claim(office, 8);
            const outcomes = [{ result: "DELIVERED" }, { ...FAILED, retryInMs: 0 }] as const;
            await settle(office, deliveries, outcomes[random() < 0.5 ? 0 : 1]);
          },
          () => outbox.claim({ limit: 4, leaseMs: LEASE_MS, except: [], sweep: true }),
          async () => {
            for (const { webhookId } of (await webhooks.list()).slice(0, 2)) {
              await webhooks.replay(webhookId, rfc3339(clock.nowMs - 1000), ALEX, null);
            }
          },
          async () => {
            const [oldest, ...others] = await webhooks.list();
            if (others.length > 1) await webhooks.delete(oldest!.webhookId, ALEX);
            else await register(office);
          },
        ];
        await Promise.all(Array.from({ length: CONTENDERS }, async () => {
          for (let act = 0; act < STORM_ACTS; act++) {
            await acts[Math.floor(random() * acts.length)]!();
          }
        }));
        ok((await webhooks.list()).length > 0);
      });
    });
  });
}
