/**
 * Every claim about speed and size, as ratios against named rivals and floors in one run.
 *
 *     deno task bench [--only SECTION,…] [--json FILE]
 *
 * Figures are medians of repeated rounds; in brackets the least and the most of them.
 */
import { parseArgs } from "node:util";
import { CACHES, measureCaches } from "./caches.ts";
import { measureFloors, ratioOf } from "./floors.ts";
import { measureKeys, printKeys } from "./keys.ts";
import { machine } from "./machine.ts";
import { spread } from "./measure.ts";
import { measureMemoryLine } from "./memory_line.ts";
import { FRONT_CALLER, measurePromotion } from "./promotion.ts";
import { measureRedisLine } from "./redis_line.ts";
import { measureStatements } from "./statements.ts";
import { count, printTable, ranged, ratio, times, us } from "./table.ts";
import { measureTransactions } from "./transactions.ts";

const WAITING = [1e3, 1e4, 1e5, 1e6];

async function memoryLine() {
  const figures = [];
  for (const size of WAITING) figures.push(await measureMemoryLine(size));
  printTable(
    "The line in memory: µs a call; a scan of the line for the fan is what it replaces",
    ["waiting", "join", "status", "leave and rejoin", "scan", "scan / status"],
    figures.map(({ waiting, us: of }) => [
      count(waiting),
      ...[of.join, of.status, of["leave and rejoin"], of.scan].map((each) => ranged(each)),
      times(of.scan.median / of.status.median),
    ]),
  );
  return figures;
}

async function redisLine() {
  const figures = await measureRedisLine(WAITING);
  printTable(
    "The line in Redis: µs of Redis's own time a call",
    ["waiting", "join", "poll", "poll, admitted", "end", "scan", "scan / poll"],
    figures.map(({ waiting, us: of }) => [
      count(waiting),
      ...[of.join, of.poll, of.pollAdmitted, of.leave, of.scan].map((each) => ranged(each)),
      times(of.scan.median / of.poll.median),
    ]),
  );
  printTable(
    "Its floors: ZRANK, and a script of three commands; and two cursors, INCR and GET, of which " +
      "no fan can leave, be missed or come late: µs of Redis's own time",
    ["waiting", "ZRANK", "least poll", "poll", "cursor: poll", "cursor: join", "join"],
    figures.map(({ waiting, us: of }) => [
      count(waiting),
      ...[of.barePoll, of.leastPoll, of.poll, of.cursorPoll, of.cursorJoin, of.join]
        .map((each) => ranged(each)),
    ]),
  );
  printTable(
    "Bytes a waiting fan in Redis, with ids of 36 characters",
    ["waiting", "MEMORY USAGE of the room's keys", "growth of used_memory"],
    figures.map(({ waiting, bytes }) => [
      count(waiting),
      us(bytes.memoryUsage),
      us(bytes.usedMemory),
    ]),
  );
  return figures;
}

async function promotion() {
  const busy = await measurePromotion();
  printTable("Promoting 256 heads out of 100,000: µs of Redis's own time", ["", "µs"], [
    ["in a batch", ranged(busy.batch)],
    ["one by one", ranged(busy.oneByOne)],
  ]);
  const slow = { present: FRONT_CALLER.present(), absent: FRONT_CALLER.oneInTwentyAbsent() };
  printTable(
    "200 free slots, when only the caller at the very front is let in (virtual time)",
    ["", "fans a minute"],
    [["all poll every 5 s", us(slow.present)], ["one in twenty is absent", us(slow.absent)]],
  );
  return { busy, slow };
}

async function caches() {
  const figures = await measureCaches();
  printTable(
    "Reads of an old value after an acknowledged eviction, 14 readers and 2 writers on real Redis",
    ["", "reads a round", "stale", "reads a second"],
    CACHES.map((name) => {
      const { reads, stale, perSecond } = figures[name];
      return [name, count(reads), ranged(stale, count), ranged(perSecond)];
    }),
  );
  return figures;
}

async function floors() {
  const figures = await measureFloors();
  printTable(
    "A poll over HTTP beside a bare Hono route with one Upstash call: requests a second",
    ["", "poll", "bare route", "poll / bare"],
    Object.entries(figures).map(([runtime, of]) => [
      runtime,
      ranged(spread(of.poll)),
      ranged(spread(of.floor)),
      ranged(ratioOf(of), ratio),
    ]),
  );
  return figures;
}

async function statements() {
  return await measureStatements({ clients: [1, 16, 64], rounds: 3, sliceMs: 500 });
}

async function keys() {
  const figures = await measureKeys({ clients: [1, 16, 64], rounds: 5, sliceMs: 500 });
  printKeys(figures);
  return figures;
}

async function transactions() {
  const figures = await measureTransactions();
  printTable(
    "Holds a second of two of twelve hot seats, 16 clients: one function call, and an interactive " +
      "transaction, by what is added to each round trip",
    ["", "one call", "BEGIN … COMMIT", "ratio"],
    figures.map(({ tripMs, perSecond, ratio: of }) => [
      `${tripMs} ms`,
      ranged(perSecond["one call"]),
      ranged(perSecond.interactive),
      ranged(of, (value) => value.toFixed(1)),
    ]),
  );
  return figures;
}

const SECTIONS = {
  memoryLine,
  redisLine,
  promotion,
  caches,
  statements,
  keys,
  transactions,
  floors,
};

if (import.meta.main) {
  const { values } = parseArgs({
    args: Deno.args,
    options: { only: { type: "string" }, json: { type: "string" } },
  });
  const all = Object.keys(SECTIONS) as (keyof typeof SECTIONS)[];
  const wanted = values.only?.split(",") ?? all;
  const unknown = wanted.filter((name) => !(name in SECTIONS));
  if (unknown.length > 0) {
    console.error(`--only takes ${all.join(", ")}, and not ${unknown.join(", ")}`);
    Deno.exit(2);
  }
  const about = await machine();
  const versions = Object.entries(about.versions).map(([name, version]) => `${name} ${version}`);
  console.log(`${about.cores} cores, ${about.memoryGiB} GiB, load ${about.load.toFixed(1)}`);
  console.log(versions.join(", "));
  const results: Record<string, unknown> = { machine: about };
  const seconds: Record<string, number> = {};
  for (const name of all.filter((one) => wanted.includes(one))) {
    const startedMs = performance.now();
    results[name] = await SECTIONS[name]();
    seconds[name] = Math.round((performance.now() - startedMs) / 1000);
  }
  const took = Object.entries(seconds).map(([name, each]) => `${name} ${each} s`);
  console.log(`\n${took.join(", ")}`);
  if (values.json) {
    await Deno.writeTextFile(values.json, JSON.stringify({ ...results, seconds }, null, 2));
  }
}
