import Table from "cli-table3";
import type { Violation } from "../checks/violation.ts";
import type { Figures } from "./figures.ts";

const MAX_VIOLATIONS_SHOWN = 40;
const numberFormat = new Intl.NumberFormat("en");

function formatWhole(value: number): string {
  return numberFormat.format(Math.round(value));
}

function formatTenth(value: number | null, unit = ""): string {
  return value === null ? "-" : value.toFixed(1) + unit;
}

function outcomeRows({ endings, counts }: Figures): [string, string][] {
  return [
    ...Object.entries(counts)
      .filter(([name]) => !["polls", "returned parked"].includes(name))
      .map(([name, count]): [string, string] => [name, formatWhole(count)]),
    ...Object.entries(endings)
      .map(([ending, count]): [string, string] => [`fans who ${ending}`, formatWhole(count)]),
  ];
}

function queueRows(figures: Figures): [string, string][] {
  const { places, latePlaces, mostAdmitted, capacity, mostPerMinute, perMinute } = figures;
  const rate = perMinute === null ? "" : ` of ${formatWhole(perMinute)}`;
  return [
    [
      "order inversions",
      `${formatWhole(figures.inversions)} among ${formatWhole(places - latePlaces)} places`,
    ],
    ["late, order not checked", formatWhole(latePlaces)],
    ["positions that rose", formatWhole(figures.risenPositions)],
    ["gone while waiting", formatWhole(figures.goneWhileWaiting)],
    ["most admitted at once", `${formatWhole(mostAdmitted)} of ${formatWhole(capacity)}`],
    ["most admitted in a minute", `${formatWhole(mostPerMinute)}${rate}`],
    ...figures.drawn === null ? [] : [
      ["drawn at the opening", formatWhole(figures.drawn)] satisfies [string, string],
      ["faults of the draw", formatWhole(figures.drawFaults)] satisfies [string, string],
    ],
  ];
}

function rows(figures: Figures): [string, string][] {
  const [moneyIn, moneyOut, left] = [figures.moneyIn, figures.moneyOut, figures.balancesLeft]
    .map(formatWhole);
  return [
    ["took", formatTenth(figures.seconds, " s")],
    ["joined", formatWhole(figures.joined)],
    ["admitted", formatWhole(figures.admitted)],
    ["parked, and returned", `${formatWhole(figures.parked)}, ${formatWhole(figures.returned)}`],
    ["seats sold", formatWhole(figures.sold)],
    ...queueRows(figures),
    ["double sales", formatWhole(figures.doubleSales)],
    ["money in, and out", `${moneyIn}, ${moneyOut}, ${left} left on balances`],
    ["polls per fan", formatTenth(figures.pollsPerFan)],
    [
      "error of the estimated wait",
      `${formatTenth(figures.estimateErrorMedianSeconds, " s")} median, ` +
      `${formatTenth(figures.estimateErrorP90Seconds, " s")} p90`,
    ],
    ["wait for a socket, p99", formatTenth(figures.socketWaitP99Seconds, " s")],
    ["answers of 5xx", formatWhole(figures.serverErrors)],
    ["lost answers", formatWhole(figures.lostAnswers)],
    ...outcomeRows(figures),
  ];
}

const PLAIN = { head: [], border: [] };
/** Lines between the rows would double the length. */
const NO_RULES = { mid: "", "left-mid": "", "mid-mid": "", "right-mid": "" };

/** A table of the sale and a table of the calls. */
export function formatFigures(figures: Figures): string {
  const sale = new Table({ style: PLAIN, chars: NO_RULES });
  sale.push(...rows(figures));
  const calls = new Table({
    head: ["call", "answers", "p50 ms", "p99 ms"],
    colAligns: ["left", "right", "right", "right"],
    style: PLAIN,
    chars: NO_RULES,
  });
  calls.push(...figures.calls.map(({ name, count, p50Ms, p99Ms }) => [
    name,
    formatWhole(count),
    formatTenth(p50Ms),
    formatTenth(p99Ms),
  ]));
  return `${sale.toString()}\n${calls.toString()}`;
}

export function formatViolations(violations: readonly Violation[]): string {
  if (violations.length === 0) return "No rule of the contract was broken.";
  const shown = violations.slice(0, MAX_VIOLATIONS_SHOWN);
  const hidden = violations.length - shown.length;
  return [
    `BROKEN, ${violations.length} times:`,
    ...shown.map(({ rule, detail }) => `  ${rule}: ${detail}`),
    ...hidden > 0 ? [`  and ${hidden} more`] : [],
  ].join("\n");
}
