import { count, formatTable, us } from "../bench/table.ts";
import { fixedPlanFor, UPSTASH, usdOfCommands, usdOfTraffic, usdOfWorkers } from "./bill.ts";
import type { SalePlan } from "./plan.ts";
import type { SaleResult } from "./sale.ts";
import { KINDS, type Traffic } from "./traffic.ts";

const MINUTE_MS = 60_000;
/** Rows of the table over time. */
const SPANS = 12;

/** What Redis holds and carries in a sale. */
export interface RedisSize {
  readonly megabytes: number;
  readonly gigabytes: number;
}

export function describePlan(plan: SalePlan): string {
  const { fans, joinOverMs, room, sessionMs, seats, seatsPerFan, shoppers } = plan;
  const { locations, isolatesPerLocation, sharesFronts, seed } = plan;
  return [
    `${count(fans)} fans join over ${joinOverMs / MINUTE_MS} minutes; seed ${seed}.`,
    `${count(seats ?? Infinity)} seats; a buyer takes ${seatsPerFan}. Nobody leaves.`,
    `${count(room.capacity)} are admitted at once, for ${sessionMs / MINUTE_MS} minutes (mean,`,
    "exponential, at most the admission's 15). All other settings are the defaults.",
    `A buyer calls list, schedules, three times seats, hold, payment; played for ${
      shoppers * 100
    } %.`,
    `${locations} locations of ${isolatesPerLocation} isolates; a front document serves ` +
    `${sharesFronts ? "a location" : "an isolate"}.`,
  ].join("\n");
}

export function lawsTable(result: SaleResult): string {
  const { violations, mostInside, longestIdleMs, admitted, sold, endedAtMs } = result;
  const outcome = `${count(admitted)} were admitted and ${count(sold)} seats sold in ` +
    `${us(endedAtMs / MINUTE_MS)} minutes`;
  return formatTable(outcome, ["", "violations"], [
    ["order: overtaken or parked while polling as told", count(violations.overtaken)],
    ["a position rose", count(violations.rises)],
    ["a place was lost", count(violations.lost)],
    [
      `admitted beyond the capacity (most inside: ${count(mostInside)})`,
      count(violations.overCapacity),
    ],
    ["ms for which a free slot idled while a fan who polls waited", count(longestIdleMs)],
  ]);
}

export function kindsTable({ store, commands }: Traffic, fans: number): string {
  const rows = KINDS.map((kind) => {
    const [requests, ran] = [store.sum(kind), commands.sum(kind)];
    return row(kind, requests, ran);
  });
  function row(name: string, requests: number, ran: number): string[] {
    const each = requests === 0 ? "–" : us(ran / requests);
    return [name, count(requests), count(ran), each, us(ran / fans), usd(usdOfCommands(ran))];
  }
  return formatTable(
    "Redis, by what for",
    ["", "requests", "commands", "each", "a fan", "by the command"],
    [...rows, row("all", store.total(), commands.total())],
  );
}

export function spansTable({ traffic: { worker, commands }, endedAtMs }: SaleResult): string {
  const all = Math.ceil(endedAtMs / MINUTE_MS);
  const minutes = Math.ceil(all / SPANS);
  const rows: string[][] = [];
  for (let from = 0; from < all; from += minutes) {
    const to = from + minutes;
    const kinds = KINDS.map((kind) => count(commands.sum(kind, from, to)));
    const peaks = [worker.peak(from, to), commands.peak(from, to)].map(count);
    rows.push([`${from}–${to}`, count(worker.total(from, to)), ...kinds, ...peaks]);
  }
  return formatTable(
    "Commands by time, and the busiest seconds",
    ["minutes", "Worker requests", ...KINDS, "requests/s", "commands/s"],
    rows,
  );
}

export function billTable(
  { traffic, farPolls }: SaleResult,
  fans: number,
  size: RedisSize,
): string {
  const { worker, commands } = traffic;
  const ran = commands.total();
  const plan = fixedPlanFor(size);
  const share = farPolls / worker.sum("polls");
  return formatTable("The bill", ["", ""], [
    ["Redis, by the command", usd(usdOfCommands(ran) + usdOfTraffic(size.gigabytes))],
    [
      `Redis, a month of the fixed plan of ${plan?.name ?? "more than 10 GB"} ` +
      `(${count(size.megabytes)} MB, ${us(size.gigabytes)} GB of traffic)`,
      plan ? usd(plan.usd) : "ask",
    ],
    [`Workers, ${us(worker.total() / 1e6)} million requests`, usd(usdOfWorkers(worker.total()))],
    ["commands a fan", us(ran / fans)],
    [
      `commands in the busiest second (limit ${count(UPSTASH.mostCommandsASecond)})`,
      count(commands.peak()),
    ],
    ["polls that were answered without Redis", `${us(share * 100)} %`],
  ]);
}

const usd = (dollars: number) => `$${dollars.toFixed(2)}`;
