/**
 * A sale of a million fans in virtual time, through the real application.
 *
 *     deno task simulate-crowd [--sale NAME] [--line NAME] [--fans N] [--seed N] [--help]
 */
import { cpuUsage } from "node:process";
import { calibrate } from "./calibration.ts";
import { ghostsTable, isKept, playGhostTables } from "./ghosts.ts";
import { openMemoryLine } from "./memory_line.ts";
import { type CrowdOptions, OptionError, parseOptions, usage } from "./options.ts";
import { everybodySale, type SalePlan, seatSale } from "./plan.ts";
import { openRedisLine } from "./redis_line.ts";
import {
  billTable,
  describePlan,
  kindsTable,
  lawsTable,
  type RedisSize,
  spansTable,
} from "./report.ts";
import { playSale, type SaleResult } from "./sale.ts";

const EXIT_BROKEN = 1;
const EXIT_BAD_OPTIONS = 2;
const PROGRESS_MINUTES = 10;
const MEGABYTE = 1e6;
const GIGABYTE = 1e9;

function planOf({ sale, fans, seed, fronts }: CrowdOptions): SalePlan {
  const options = { fans, seed, sharesFronts: fronts === "location" };
  return sale === "everybody" ? everybodySale(options) : seatSale(options);
}

function onMinute(minute: number): void {
  if (minute % PROGRESS_MINUTES === 0) console.error(`${minute} minutes of the sale`);
}

async function playOnMemory(plan: SalePlan): Promise<{ result: SaleResult; size: RedisSize }> {
  console.error("measuring the commands of a call on Redis");
  const { commands, bytesPerRequest, bytesPerFan } = await calibrate(plan);
  const open = (options: Parameters<typeof openMemoryLine>[0]) => openMemoryLine(options, commands);
  const result = await playSale(plan, open, { onMinute });
  const gigabytes = result.traffic.store.total() * bytesPerRequest / GIGABYTE;
  return { result, size: { megabytes: bytesPerFan * plan.fans / MEGABYTE, gigabytes } };
}

async function playOnRedis(plan: SalePlan): Promise<{ result: SaleResult; size: RedisSize }> {
  const result = await playSale(plan, openRedisLine, { onMinute }, (line) => line.use());
  const { memoryBytes, trafficBytes } = result.seen!;
  const size = { megabytes: memoryBytes / MEGABYTE, gigabytes: trafficBytes / GIGABYTE };
  return { result, size };
}

/** Returns whether every law was kept. */
async function simulateSale(options: CrowdOptions): Promise<boolean> {
  const plan = planOf(options);
  console.log(describePlan(plan));
  const play = options.line === "redis" ? playOnRedis : playOnMemory;
  const { result, size } = await play(plan);
  const tables = [
    lawsTable(result),
    kindsTable(result.traffic, plan.fans),
    spansTable(result),
    billTable(result, plan.fans, size),
  ];
  for (const table of tables) console.log(table);
  await writeJson(options, { plan, size, ...result });
  return Object.values(result.violations).every((count) => count === 0);
}

/** Returns whether absent fans cost the others nothing. */
async function simulateGhosts(options: CrowdOptions): Promise<boolean> {
  const { fans, seed, line } = options;
  const openLine = line === "redis" ? openRedisLine : openMemoryLine;
  const tables = await playGhostTables({ fans, seed, openLine, onSale: console.error });
  for (const { pollMaxSeconds, rows } of tables) console.log(ghostsTable(pollMaxSeconds, rows));
  await writeJson(options, { tables });
  return tables.every(({ rows }) => rows.every(isKept));
}

async function writeJson(options: CrowdOptions, figures: object): Promise<void> {
  if (options.json === null) return;
  await Deno.writeTextFile(options.json, JSON.stringify({ options, ...figures }, null, 2) + "\n");
}

/** Returns the exit code. */
async function main(args: readonly string[]): Promise<number> {
  const options = parseOptions(args);
  if (options === null) {
    console.log(usage());
    return 0;
  }
  const startedMs = performance.now();
  const keepsLaws = await (options.sale === "ghosts" ? simulateGhosts : simulateSale)(options);
  const seconds = Math.round((performance.now() - startedMs) / 1000);
  const { user, system } = cpuUsage();
  console.log(
    `\n${seconds} s, of which this process computed ${Math.round((user + system) / 1e6)} s`,
  );
  if (!keepsLaws) console.error("A law was broken, or absent fans cost too much.");
  return keepsLaws ? 0 : EXIT_BROKEN;
}

/** Prints the error. Returns the exit code. */
function reportError(error: unknown): number {
  if (error instanceof OptionError) {
    console.error([...error.faults, "", usage()].join("\n"));
    return EXIT_BAD_OPTIONS;
  }
  console.error(error);
  return EXIT_BROKEN;
}

if (import.meta.main) Deno.exit(await main(Deno.args).catch(reportError));
