import Table from "cli-table3";
import type { Violation } from "../checks/violation.ts";
import type { RushResult } from "../rush_result.ts";
import type { Figures } from "./figures.ts";
import { formatTenth, formatWhole } from "./format.ts";
import type { Law } from "./laws.ts";

const MAX_VIOLATIONS_SHOWN = 40;
const PLAIN = { head: [], border: [] };
/** Lines between the rows would double the length. */
const NO_RULES = { mid: "", "left-mid": "", "mid-mid": "", "right-mid": "" };
const KEPT = "No rule of the contract was broken.";
/** Counts that the other parts have. */
const SHOWN_ELSEWHERE = ["polls", "polls that say", "polls without Redis", "returned parked"];

type Row = readonly string[];

function tableOf(rows: readonly Row[], head: readonly string[] = []): string {
  const table = new Table({ head: [...head], style: PLAIN, chars: NO_RULES });
  table.push(...rows.map((row) => [...row]));
  return table.toString();
}

function resultOf({ checked, broken }: Law): string {
  if (broken > 0) return `BROKEN ${formatWhole(broken)}×`;
  return checked ? "kept" : "not checked";
}

function formatLaws(laws: readonly Law[]): string {
  const rows = laws.map((law) => [law.rule, law.says, law.counted, resultOf(law)]);
  return tableOf(rows, ["law", "what must hold", "what was counted", "result"]);
}

export function formatViolations(violations: readonly Violation[]): string {
  if (violations.length === 0) return KEPT;
  const shown = violations.slice(0, MAX_VIOLATIONS_SHOWN);
  const hidden = violations.length - shown.length;
  return [
    `BROKEN, ${violations.length} times:`,
    ...shown.map(({ rule, detail }) => `  ${rule}: ${detail}`),
    ...hidden > 0 ? [`  and ${hidden} more`] : [],
  ].join("\n");
}

/** What became of the fans, the seats and the money. */
function outcomeRows(figures: Figures, seats: number): Row[] {
  const { endings, counts } = figures;
  const [moneyIn, moneyOut, left] = [figures.moneyIn, figures.moneyOut, figures.balancesLeft]
    .map(formatWhole);
  return [
    ["joined", formatWhole(figures.joined)],
    ["admitted", formatWhole(figures.admitted)],
    ["parked, and returned", `${formatWhole(figures.parked)}, ${formatWhole(figures.returned)}`],
    ["seats sold", `${formatWhole(figures.sold)} of ${formatWhole(seats)}`],
    ["money in, and out", `${moneyIn}, ${moneyOut}, ${left} left on balances`],
    ...Object.entries(endings).map(([ending, count]) => [
      `fans who ${ending}`,
      formatWhole(count),
    ]),
    ...Object.entries(counts).filter(([name]) => !SHOWN_ELSEWHERE.includes(name))
      .map(([name, count]) => [name, formatWhole(count)]),
  ];
}

/** How long it took: of the sale, of the waits and of the calls. */
function speedRows(figures: Figures, soldOutAfterSeconds: number | null): Row[] {
  const median = formatTenth(figures.estimateErrorMedianSeconds, " s");
  const p90 = formatTenth(figures.estimateErrorP90Seconds, " s");
  return [
    ["took", formatTenth(figures.seconds, " s")],
    ["sold out after the opening", formatTenth(soldOutAfterSeconds, " s")],
    ["polls per fan", formatTenth(figures.pollsPerFan)],
    [
      "polls without Redis",
      formatTenth(figures.pollsWithoutRedis && 100 * figures.pollsWithoutRedis, " %"),
    ],
    ["error of the estimated wait", `${median} median, ${p90} p90`],
    ["wait for a socket, p99", formatTenth(figures.socketWaitP99Seconds, " s")],
    ["answers of 5xx", formatWhole(figures.serverErrors)],
    ["lost answers", formatWhole(figures.lostAnswers)],
  ];
}

function callTable({ calls }: Figures): string {
  const table = new Table({
    head: ["call", "answers", "p50 ms", "p99 ms"],
    colAligns: ["left", "right", "right", "right"],
    style: PLAIN,
    chars: NO_RULES,
  });
  table.push(...calls.map(({ name, count, p50Ms, p99Ms }) => [
    name,
    formatWhole(count),
    formatTenth(p50Ms),
    formatTenth(p99Ms),
  ]));
  return table.toString();
}

/** The result in three parts: what must hold, what came of it, and how fast. */
export function formatResult(
  { figures, laws, violations, notes, moments }: RushResult,
  seats: number,
): string {
  const { openedAtMs, soldOutAtMs } = moments;
  const soldOutAfter = soldOutAtMs === null ? null : (soldOutAtMs - openedAtMs) / 1000;
  return [
    "LAWS",
    formatLaws(laws),
    formatViolations(violations),
    ...notes.map((note) => `Note: ${note}`),
    "",
    "OUTCOME",
    tableOf(outcomeRows(figures, seats)),
    "",
    "SPEED",
    tableOf(speedRows(figures, soldOutAfter)),
    callTable(figures),
  ].join("\n");
}
