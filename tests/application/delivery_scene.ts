import { ok } from "node:assert/strict";
import { memoryCache } from "../../src/adapters/memory/cache.ts";
import type { createWebhookDelivery } from "../../src/application/webhook_delivery.ts";
import { EVENT_TYPES } from "../../src/domain/webhook.ts";
import type { ReportedEvent } from "../../src/ports/report.ts";
import type { Sent, WebhookMessage } from "../../src/ports/webhook_sender.ts";
import { ALEX, type BoxOffice, must } from "../contract/box_office/office.ts";
import { emit, register } from "../contract/webhooks/receiver.ts";
import { sleep } from "../support/wait.ts";

/** Only what hangs takes so long. The controls wait for it, so it is shorter than elsewhere. */
const HANG_MS = 8_000;

/** Registers or collects a law. */
export type Law = (name: string, run: () => Promise<void>) => void;

/** Where the laws are tried: over a real outbox, with a delivery that a control may replace. */
export interface Stage {
  readonly office: BoxOffice;
  create: typeof createWebhookDelivery;
}

export const silent: Sent = { answered: false, reason: "no answer within 5 s" };
export const status = (code: number): Sent => ({ answered: true, status: code });

/** Receivers by URL, each with its answer, over the real outbox. */
export async function scene(
  { office, create }: Stage,
  answers: Record<string, () => Sent | Promise<Sent>>,
) {
  for (const { webhookId } of await office.webhooks.list()) {
    must(await office.webhooks.delete(webhookId, ALEX));
  }
  await office.sql("delete from events", []);
  for (const url of Object.keys(answers)) await register(office, EVENT_TYPES, url);
  const sent: (WebhookMessage & { readonly atMs: number })[] = [];
  const reports: ReportedEvent[] = [];
  const clock = () => office.clock.nowMs;
  let asked = 0;
  const delivery = create({
    outbox: {
      claim: (options) => {
        asked++;
        return office.outbox.claim(options);
      },
      settle: office.outbox.settle,
    },
    send: async (message) => {
      sent.push({ ...message, atMs: clock() });
      return await answers[message.url]!();
    },
    cache: memoryCache({ clock }),
    clock,
    random: () => 0,
    newId: () => crypto.randomUUID(),
    report: (event) => reports.push(event),
  });
  return {
    delivery,
    sent,
    reports,
    /** How often PostgreSQL was asked for deliveries. */
    asked: () => asked,
    tick: (saleIsOn = false, maxRequests = 49) => delivery.deliverDue({ saleIsOn, maxRequests }),
    /** The concerts that a receiver heard of. */
    heard: (url: string) =>
      sent.filter((message) => message.url === url)
        .map(({ body }) => JSON.parse(body).data.concertId as number),
  };
}

export const sellOut = (office: BoxOffice, ...concertIds: number[]) =>
  emit(office, "concert.sold_out", ...concertIds.map((concertId) => ({ concertId })));

export async function until(isSo: () => boolean): Promise<void> {
  const startedMs = performance.now();
  while (!isSo()) {
    ok(performance.now() - startedMs < HANG_MS, "a receiver waits for another");
    await sleep(1);
  }
}
