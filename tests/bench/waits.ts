/**
 * What fans are told about their wait, against the wait that followed, in simulated sales; beside
 * it the estimates of the earlier design and of a mean session that is known.
 */
import { WAIT_SALES, type WaitSale } from "../simulation/wait_sales.ts";
import { playWaitSale, scaledSale, type WaitErrors } from "../simulation/waits.ts";
import { createSection } from "./section.ts";
import { count, formatTable } from "./table.ts";

interface WaitsSize {
  readonly sales: readonly WaitSale[];
  readonly seeds: readonly number[];
}

export const waits = createSection({
  about: "the told wait against the real one, in simulated sales",
  sizes: {
    full: { sales: WAIT_SALES, seeds: [1, 2, 3] },
    smoke: { sales: [scaledSale(WAIT_SALES[0]!, 0.02)], seeds: [1] },
  },
  measure: ({ sales, seeds }: WaitsSize) =>
    Array.fromAsync(sales, (sale) => playWaitSale(sale, seeds)),
  tables: (figures) => [formatTable(
    "The told wait: median of the relative errors, and 90th percentile of the errors in seconds",
    [
      "",
      "told waits",
      "ours",
      "within the range",
      "⌊ahead / capacity⌋ × 300 s",
      "position × session / capacity",
    ],
    figures.map(({ name, told, ours, coverage, turnovers, sessions }) => [
      name,
      count(told),
      show(ours),
      percent(coverage),
      show(turnovers),
      show(sessions),
    ]),
  )],
});

const show = ({ median, p90Seconds }: WaitErrors) => `${percent(median)}, ${count(p90Seconds)} s`;
const percent = (share: number) => `${(share * 100).toFixed(share < 0.1 ? 1 : 0)} %`;
