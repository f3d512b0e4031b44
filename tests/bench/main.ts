/**
 * Every claim about speed and size, as ratios against named rivals and floors in one run.
 *
 *     deno task bench [--only SECTION,…] [--json FILE]
 */
import { parseArgs } from "node:util";
import { CACHES, measureCaches } from "./caches.ts";
import { measureFloors, ratioOf } from "./floors.ts";
import { median } from "./measure.ts";
import { measureMemoryLine } from "./memory_line.ts";
import { FRONT_CALLER, measurePromotion } from "./promotion.ts";
import { measureRedisLine } from "./redis_line.ts";
import { measureStatements } from "./statements.ts";
import { count, printTable, times, us } from "./table.ts";

const WAITING = [1e3, 1e4, 1e5, 1e6];

async function memoryLine() {
  const figures = [];
  for (const size of WAITING) figures.push(await measureMemoryLine(size));
  printTable(
    "The line in memory: µs a call; a scan of the line for the fan is what it replaces",
    ["waiting", "join", "status", "leave and rejoin", "scan", "scan / status"],
    figures.map(({ waiting, us: of }) => [
      count(waiting),
      ...[of.join, of.status, of["leave and rejoin"], of.scan].map(us),
      times(of.scan / of.status),
    ]),
  );
  return figures;
}

async function redisLine() {
  const figures = await measureRedisLine(WAITING);
  printTable(
    "The line in Redis: µs of Redis's own time a call. The least poll is a script of three commands",
    ["waiting", "join", "poll", "poll, admitted", "end", "least poll", "scan", "scan / poll"],
    figures.map(({ waiting, us: of }) => [
      count(waiting),
      ...[of.join, of.poll, of.pollAdmitted, of.leave, of.leastPoll, of.scan].map(us),
      times(of.scan / of.poll),
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
    ["in a batch", us(busy.batch)],
    ["one by one", us(busy.oneByOne)],
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
    ["", "reads", "stale", "reads a second"],
    CACHES.map((name) => {
      const { reads, stale, perSecond } = figures[name];
      return [name, count(reads), count(stale), count(perSecond)];
    }),
  );
  return figures;
}

async function floors() {
  const figures = await measureFloors();
  printTable(
    "A poll over HTTP beside a bare Hono route with one Upstash call: requests a second",
    ["", "poll", "bare route", "poll / bare", "spread of the polls"],
    Object.entries(figures).map(([runtime, of]) => [
      runtime,
      count(median(of.poll)),
      count(median(of.floor)),
      ratioOf(of).toFixed(2),
      `${count(Math.min(...of.poll))} to ${count(Math.max(...of.poll))}`,
    ]),
  );
  return figures;
}

async function statements() {
  return await measureStatements({ clients: [1, 16, 64], rounds: 3, sliceMs: 500 });
}

const SECTIONS = { memoryLine, redisLine, promotion, caches, statements, floors };

function machine() {
  const { deno, v8 } = Deno.version;
  const memoryGiB = Math.round(Deno.systemMemoryInfo().total / 2 ** 30);
  const cores = navigator.hardwareConcurrency;
  return { os: Deno.osRelease(), cores, memoryGiB, deno, v8, load: Deno.loadavg()[0] };
}

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
  const about = machine();
  console.log(
    `${about.cores} cores, ${about.memoryGiB} GiB, Deno ${about.deno}, load ${
      about.load?.toFixed(1)
    }`,
  );
  const results: Record<string, unknown> = { machine: about };
  for (const name of all.filter((one) => wanted.includes(one))) {
    results[name] = await SECTIONS[name]();
  }
  if (values.json) await Deno.writeTextFile(values.json, JSON.stringify(results, null, 2));
}
