import { measureRedisQueue, type RedisQueueFigures } from "./redis_queue_measure.ts";
import { createSection } from "./section.ts";
import { count, formatTable, ranged, times, us } from "./table.ts";

export const redisQueue = createSection({
  about: "the queue in Redis: time of Redis a call, and bytes a waiting fan",
  sizes: {
    full: { waiting: [1e3, 1e4, 1e5, 1e6], capacity: 1_000, rounds: 5, calls: 2_000, scans: 2 },
    smoke: { waiting: [40, 80], capacity: 10, rounds: 2, calls: 30, scans: 1 },
  },
  measure: (size) => measureRedisQueue(size),
  tables: (figures) => [calls(figures), rivals(figures), bytes(figures)],
});

function calls(figures: readonly RedisQueueFigures[]): string {
  return formatTable(
    "The queue in Redis: µs of Redis's own time a call; the scan for the fan is the earlier design",
    ["waiting", "join", "poll", "poll, admitted", "end", "scan", "scan / poll"],
    figures.map(({ waiting, us: of }) => [
      count(waiting),
      ...[of.join, of.poll, of.pollAdmitted, of.end, of.scan].map((each) => ranged(each)),
      times(of.scan.median / of.poll.median),
    ]),
  );
}

function rivals(figures: readonly RedisQueueFigures[]): string {
  return formatTable(
    "Its lower bounds, µs of Redis's own time: ZRANK; a script of three commands; and a queue of " +
      "two counters, which nobody can leave",
    ["waiting", "ZRANK", "script", "poll", "poll / script", "counter: poll", "counter: join"],
    figures.map(({ waiting, us: of }) => [
      count(waiting),
      ...[of.zrank, of.smallestPoll, of.poll].map((each) => ranged(each)),
      times(of.poll.median / of.smallestPoll.median),
      ...[of.counterPoll, of.counterJoin].map((each) => ranged(each)),
    ]),
  );
}

function bytes(figures: readonly RedisQueueFigures[]): string {
  return formatTable(
    "Growth by waiting fans with ids of 36 characters: bytes a fan",
    ["waiting", "MEMORY USAGE of the room's keys", "used_memory"],
    figures.map(({ waiting, bytes: of }) => [
      count(waiting),
      us(of.memoryUsage),
      us(of.usedMemory),
    ]),
  );
}
