import { setImmediate } from "node:timers";
import { memoryAdmissionCheck } from "../../src/adapters/memory/admission_check.ts";
import { memoryCache } from "../../src/adapters/memory/cache.ts";
import { memoryQueueStore } from "../../src/adapters/memory/queue_store.ts";
import type { Front } from "../../src/domain/front.ts";
import type { RoomId } from "../../src/domain/ids.ts";
import { type Line, type LineOptions, observed } from "./line.ts";
import { type Kind, MEASURING } from "./traffic.ts";

/** The commands of a request on Redis, by what it is for. */
export type CommandsPerRequest = Readonly<Record<Kind, number>>;

/**
 * The line in this process's memory. Documents go to the isolate that makes the call. With
 * `commands` the traffic has the commands that Redis would have run.
 */
export function openMemoryLine(
  { settings, clock, random, traffic }: LineOptions,
  commands: CommandsPerRequest | null = null,
): Promise<Line> {
  let receive: (room: RoomId, front: Front) => void;
  let ids = 0;
  const queue = memoryQueueStore({
    settings,
    clock,
    newId: () => `epoch-${++ids}`,
    random,
    onFront: (room, front) => receive(room, front),
  });
  let sleeping: Promise<void> | null = null;
  const sleep = () =>
    sleeping ??= new Promise((wake) =>
      setImmediate(() => {
        sleeping = null;
        wake();
      })
    );
  const cache = memoryCache({ clock });
  const admissionCheck = memoryAdmissionCheck({ queue, cache });
  return Promise.resolve({
    stores(onFront) {
      function before(): void {
        receive = onFront;
        const { kind } = traffic;
        if (commands && kind !== MEASURING) traffic.ran(kind, commands[kind]);
      }
      return {
        cache: observed(cache, before),
        queue: observed(queue, before),
        admissionCheck: observed(admissionCheck, before),
      };
    },
    flush() {},
    sleep,
    close: () => Promise.resolve(),
  });
}
