import Table from "cli-table3";
import type { Breach } from "./audit.ts";
import type { Findings } from "./findings.ts";

const MAX_BREACHES_SHOWN = 40;
const number = new Intl.NumberFormat("en");
const whole = (value: number) => number.format(Math.round(value));
const tenth = (value: number | null, unit = "") => value === null ? "-" : value.toFixed(1) + unit;

function facts(findings: Findings): [string, string][] {
  const { moneyIn, moneyOut, balancesLeft, capacity, places, latePlaces } = findings;
  const left = balancesLeft === null ? "" : `, ${whole(balancesLeft)} left on balances`;
  return [
    ["took", `${findings.seconds.toFixed(1)} s`],
    ["joined", whole(findings.joined)],
    ["admitted", whole(findings.admitted)],
    ["parked, and returned", `${whole(findings.parked)}, ${whole(findings.returned)}`],
    ["seats sold", whole(findings.sold)],
    [
      "order inversions",
      `${whole(findings.inversions)} among ${whole(places - latePlaces)} places`,
    ],
    ["late, and not held to the order", whole(latePlaces)],
    ["positions that rose", whole(findings.risen)],
    ["gone while waiting", whole(findings.goneWhileWaiting)],
    ["most admitted at once", `${whole(findings.mostAdmitted)} of ${whole(capacity)}`],
    [
      "most admitted in a minute",
      `${whole(findings.mostPerMinute)}${
        findings.perMinute === null ? "" : ` of ${whole(findings.perMinute)}`
      }`,
    ],
    ...findings.drawn === null ? [] : [
      ["drawn at the opening", whole(findings.drawn)] satisfies [string, string],
      ["faults of the draw", whole(findings.drawFaults)] satisfies [string, string],
    ],
    ["double sales", whole(findings.doubleSales)],
    ["money in, and out", `${whole(moneyIn)}, ${whole(moneyOut)}${left}`],
    ["polls per fan", tenth(findings.pollsPerFan)],
    [
      "error of the estimated wait",
      `${tenth(findings.estimateErrorMedianSeconds, " s")} median, ` +
      `${tenth(findings.estimateErrorWorstTenthSeconds, " s")} worst tenth`,
    ],
    ["waited for a socket, p99", tenth(findings.socketWaitP99Seconds, " s")],
    ["answers of 5xx", whole(findings.serverFaults)],
    ["answers lost on the way", whole(findings.lostAnswers)],
    ...Object.entries(findings.counts)
      .filter(([name]) => !["polls", "returned parked"].includes(name))
      .map(([name, count]): [string, string] => [name, whole(count)]),
    ...Object.entries(findings.endings)
      .map(([ending, count]): [string, string] => [`fans who ${ending}`, whole(count)]),
  ];
}

const plain = { head: [], border: [] };
/** Lines between rows would double the length. */
const NO_RULES = { mid: "", "left-mid": "", "mid-mid": "", "right-mid": "" };

export function tableOf(findings: Findings): string {
  const sums = new Table({ style: plain, chars: NO_RULES });
  sums.push(...facts(findings));
  const calls = new Table({
    head: ["call", "answers", "p50 ms", "p99 ms"],
    colAligns: ["left", "right", "right", "right"],
    style: plain,
    chars: NO_RULES,
  });
  calls.push(...findings.calls.map(({ name, count, p50Ms, p99Ms }) => [
    name,
    whole(count),
    tenth(p50Ms),
    tenth(p99Ms),
  ]));
  return `${sums.toString()}\n${calls.toString()}`;
}

export function verdictOf(breaches: readonly Breach[]): string {
  if (breaches.length === 0) return "No law of the contract was broken.";
  const shown = breaches.slice(0, MAX_BREACHES_SHOWN).map(({ law, what }) => `  ${law}: ${what}`);
  const more = breaches.length - shown.length;
  return [
    `BROKEN, ${breaches.length} times:`,
    ...shown,
    ...more > 0 ? [`  and ${more} more`] : [],
  ].join("\n");
}
