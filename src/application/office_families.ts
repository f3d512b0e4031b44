import type { Figures, RoomFigures } from "../ports/office_figures.ts";
import { labelsOf, type MetricFamily, type Sample } from "./metric_family.ts";

/** The time over which the acts of the box office are counted. */
export const WINDOW_MS = 300_000;

const OF_ROOMS: readonly (readonly [name: string, help: string, keyof RoomFigures])[] = [
  ["holds", "Seats that were held", "holds"],
  ["lapses", "Holds that ended unpaid", "lapses"],
  ["sales", "Seats that were paid", "sales"],
  ["sales_amount", "The sum of the payments", "amount"],
];

function gauge(name: string, help: string, samples: readonly Sample[]): MetricFamily {
  return { name: `stanchion_office_${name}`, type: "gauge", help, samples };
}

/** Zero of those that have none. */
function ageOfOldest(name: string, what: string, ageMs: number | null): MetricFamily {
  const help = `Age of the oldest ${what}; 0 without one.`;
  return {
    ...gauge(`oldest_${name}_age_seconds`, help, [["", "", (ageMs ?? 0) / 1000]]),
    unit: "seconds",
  };
}

/** What the database says of the box office, whichever isolate is asked. */
export function officeFamilies(figures: Figures): MetricFamily[] {
  const { rooms, ledger } = figures;
  const single = (name: string, help: string, value: number) =>
    gauge(name, help, [["", "", value]]);
  return [
    ...OF_ROOMS.map(([name, help, member]) =>
      gauge(
        `recent_${name}`,
        `${help} in the last five minutes.`,
        rooms.map((room) => ["", labelsOf({ room: room.room }), Number(room[member])]),
      )
    ),
    gauge(
      "recent_ledger_entries",
      "Entries of the ledger in the last five minutes.",
      ledger.map(({ kind, entries }) => ["", labelsOf({ kind }), entries]),
    ),
    gauge(
      "recent_ledger_amount",
      "The money of these entries.",
      ledger.map(({ kind, amount }) => ["", labelsOf({ kind }), amount]),
    ),
    single(
      "deliveries",
      "Deliveries that are not made, 10000 at most.",
      figures.deliveries,
    ),
    single(
      "deliveries_retried",
      "Of these, those that were retried.",
      figures.retriedDeliveries,
    ),
    ageOfOldest("delivery", "delivery", figures.oldestDeliveryMs),
    single(
      "webhooks_disabled",
      "Webhooks that answered 410.",
      figures.disabledWebhooks,
    ),
    single(
      "refunds_unfinished",
      "Refunds of concerts under way.",
      figures.unfinishedRefunds,
    ),
    ageOfOldest("refund", "refund", figures.oldestRefundMs),
  ];
}
