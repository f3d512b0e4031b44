import { EVENT_TYPES } from "../../src/domain/webhook.ts";
import { newFan } from "../support/api_box.ts";
import { deleteAll, register } from "../scenarios/webhook_registrations.ts";
import { holdSeats, pay, putOnSale } from "../support/sale.ts";
import type { Drill } from "./drill.ts";
import type { WatchedBox } from "./watched_box.ts";

const OPERATOR = { operator: true } as const;

/** One fan buys one seat of a concert of its own. */
async function buy({ box }: WatchedBox): Promise<number> {
  const sale = await putOnSale(box, { dates: [2], price: 0 });
  const fan = newFan("a");
  const place = await box.join(fan);
  const held = await holdSeats(box, fan, place, sale, sale.schedules[0]!.seatIds.slice(0, 1));
  await pay(box, fan, held);
  return sale.concertId;
}

/** Drills of what the box office shows. */
export const OFFICE_DRILLS: Readonly<Record<string, Drill>> = {
  StanchionWebhooksLate: {
    async prepare(watched) {
      const { box, troubles } = watched;
      await register(box, { url: "https://hooks.example.com/a", events: EVENT_TYPES });
      return {
        async break() {
          troubles.received = { answered: true, status: 500 };
          await buy(watched);
        },
        firesWithin: 13,
        turn: async () => troubles.received = { answered: true, status: 204 },
        healsWithin: 60,
        clean: () => deleteAll(box),
      };
    },
  },
  StanchionWebhookDisabled: {
    async prepare(watched) {
      const { box, troubles } = watched;
      const { body } = await register(box, {
        url: "https://hooks.example.com/b",
        events: EVENT_TYPES,
      });
      return {
        async break() {
          troubles.received = { answered: true, status: 410 };
          await buy(watched);
        },
        firesWithin: 2,
        async turn() {
          troubles.received = { answered: true, status: 204 };
          const since = new Date(box.clock() - 60_000).toISOString();
          await box.call("POST", `/v1/admin/webhooks/${body.webhookId}/replays`, {
            ...OPERATOR,
            json: { since },
          });
        },
        healsWithin: 2,
        clean: () => deleteAll(box),
      };
    },
  },
  StanchionRefundLate: {
    async prepare(watched) {
      const { box, troubles } = watched;
      const concertId = await buy(watched);
      return {
        async break() {
          troubles.refundsStop = true;
          await box.call("POST", `/v1/admin/concerts/${concertId}/refunds`, {
            ...OPERATOR,
            json: { reason: "the singer is ill" },
          });
        },
        firesWithin: 23,
        turn: async () => troubles.refundsStop = false,
        healsWithin: 2,
      };
    },
  },
};
