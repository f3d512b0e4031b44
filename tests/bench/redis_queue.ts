import type { ActFigures, LongActFigures } from "./act_figures.ts";
import {
  type LobbyCall,
  measureRedisLobbies,
  type RedisLobbyFigures,
} from "./redis_lobby_measure.ts";
import {
  compareToAim,
  LINE_AIMS,
  LONGEST_SCRIPT_US,
  MOST_BYTES_A_FAN,
  over,
} from "./redis_queue_aims.ts";
import type { LongAct } from "./redis_long_acts.ts";
import { type LineCall, measureRedisQueue, type RedisQueueFigures } from "./redis_queue_measure.ts";
import { FULL_SIZE, type RedisQueueSize, SMOKE_SIZE } from "./redis_queue_size.ts";
import { createSection } from "./section.ts";
import { count, formatTable, ranged, times, us } from "./table.ts";

export interface RedisQueueResults {
  readonly lines: readonly RedisQueueFigures[];
  readonly lobbies: readonly RedisLobbyFigures[];
}

export const redisQueue = createSection<RedisQueueSize, RedisQueueResults>({
  about: "the queue in Redis: time and billed commands of each call, and bytes a fan",
  sizes: { full: FULL_SIZE, smoke: SMOKE_SIZE },
  measure: async (size) => ({
    lines: await measureRedisQueue(size),
    lobbies: await measureRedisLobbies(size),
  }),
  tables: ({ lines, lobbies }) => [
    lineCalls(lines),
    lobbyCalls(lobbies),
    longActs(lines, lobbies),
    rivals(lines),
    bytes(lines, lobbies),
  ],
});

const LINE_CALLS: Readonly<Record<LineCall, string>> = {
  join: "join, far from the front",
  nearPoll: "near poll",
  nearPollFirst: "near poll of the first hundred",
  farPoll: "far poll without a document: the proof",
  admissionCheck: "admission check, without the cached read",
  front: "front document",
  leave: "leave the line",
  endAndPromote: "end of an admission, one promoted",
  cron: "cron, nothing due",
  cronEmpty: "cron in an empty room",
};

function lineCalls(figures: readonly RedisQueueFigures[]): string {
  return formatTable(
    "The queue in Redis: µs of Redis's own time a call, by the number of fans who wait; and " +
      "commands that Upstash bills",
    ["", ...figures.map(({ waiting }) => count(waiting)), "commands", "aim"],
    (Object.keys(LINE_CALLS) as LineCall[]).map((call) => {
      const of = figures.map(({ calls }) => calls[call]);
      return [LINE_CALLS[call], ...row(of), compareToAim(LINE_AIMS[call], of)];
    }),
  );
}

const LOBBY_CALLS: Readonly<Record<LobbyCall, string>> = {
  gather: "join of a lobby",
  gatheredPoll: "poll in the lobby without a document",
  gatheredFront: "front document in the lobby",
  drawnPoll: "poll with the gathered token after the draw",
  drawnFront: "front document after the draw",
  listPage: "page of 1,000 of the list",
};

function lobbyCalls(figures: readonly RedisLobbyFigures[]): string {
  return formatTable(
    "A lobby in Redis: the same, by the number of fans who gather",
    ["", ...figures.map(({ gathered }) => count(gathered)), "commands"],
    (Object.keys(LOBBY_CALLS) as LobbyCall[]).map((call) => [
      LOBBY_CALLS[call],
      ...row(figures.map(({ calls }) => calls[call])),
    ]),
  );
}

/** Times at each size, and the most commands. */
function row(figures: readonly ActFigures[]): string[] {
  const commands = Math.max(...figures.map((of) => of.commands));
  return [...figures.map((of) => ranged(of.us)), us(commands)];
}

const LONG_ACTS: Readonly<Record<LongAct, string>> = {
  promotes: "a full batch promoted",
  lapse: "a full batch of turns missed",
  absent: "a full batch of absent heads passed",
  ages: "a full batch looked at by ageing",
  all: "all of these at once",
};

function longActs(
  lines: readonly RedisQueueFigures[],
  lobbies: readonly RedisLobbyFigures[],
): string {
  const { waiting, longActs } = lines.at(-1)!;
  const rows: [string, LongActFigures][] = [
    ...(Object.keys(LONG_ACTS) as LongAct[]).map(
      (act): [string, LongActFigures] => [
        `${LONG_ACTS[act]}, of ${count(waiting)}`,
        longActs![act],
      ],
    ),
    ...lobbies.flatMap(({ gathered, opening, shares }): [string, LongActFigures][] => [
      [`opening of ${count(gathered)}: the first act`, opening],
      [`opening of ${count(gathered)}: an act that draws`, shares],
    ]),
  ];
  return formatTable(
    "Acts at a bound, one by one: µs of Redis's own time, by the clock and by the processor",
    ["", "acts", "median", "p99", "longest", "longest, processor", "commands", "aim"],
    rows.map(([name, { acts, us: { median, p99, longest }, cpuUs, commands }]) => [
      name,
      ...[acts, median, p99, longest, cpuUs.longest, commands].map(count),
      over(`${count(LONGEST_SCRIPT_US)} µs of processor`, LONGEST_SCRIPT_US, [cpuUs.longest]),
    ]),
  );
}

function rivals(figures: readonly RedisQueueFigures[]): string {
  return formatTable(
    "Its lower bounds, µs of Redis's own time: ZRANK; a script of three commands; a queue of two " +
      "counters, which nobody can leave; and the scan for the fan of the earlier design",
    [
      "waiting",
      "ZRANK",
      "script",
      "near poll / script",
      "counter: poll",
      "counter: join",
      "scan",
      "scan / near poll",
    ],
    figures.map(({ waiting, calls: { nearPoll }, rivals: of }) => [
      count(waiting),
      ...[of.zrank, of.smallestPoll].map((each) => ranged(each)),
      times(nearPoll.us.median / of.smallestPoll.median),
      ...[of.counterPoll, of.counterJoin, of.scan].map((each) => ranged(each)),
      times(of.scan.median / nearPoll.us.median),
    ]),
  );
}

function bytes(
  lines: readonly RedisQueueFigures[],
  lobbies: readonly RedisLobbyFigures[],
): string {
  const aim = over(`${MOST_BYTES_A_FAN} bytes`, MOST_BYTES_A_FAN, [
    lines.at(-1)!.bytes.far.usedMemory,
  ]);
  return formatTable(
    "Growth by fans with ids of 36 characters, bytes a fan: used_memory (MEMORY USAGE of the " +
      `room's keys). Far from the front, at most fans: ${aim}`,
    ["fans", "near the front", "far from it", "gathered", "drawn"],
    lines.map(({ waiting, bytes }, at) => {
      const lobby = lobbies[at]!.bytes;
      return [
        count(waiting),
        ...[bytes.near, bytes.far, lobby.gathered, lobby.drawn].map(
          ({ memoryUsage, usedMemory }) => `${us(usedMemory)} (${us(memoryUsage)})`,
        ),
      ];
    }),
  );
}
