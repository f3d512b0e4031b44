import { DependencyError } from "../domain/failures.ts";
import { MAIN_ROOM, type RoomId } from "../domain/ids.ts";
import type { Clock } from "../ports/clock.ts";
import type { QueueStore } from "../ports/queue_store.ts";
import type { Rooms } from "../ports/rooms.ts";
import type { RequestContext } from "./request_context.ts";

/** One isolate asks a store at most once in this time, however many names callers try. */
const ASK_INTERVAL_MS = 1_000;
/** A caller waits this long for a call that another request makes, which may have ended. */
const FOLLOWER_DEADLINE_MS = 2_000;

export interface KnownRoomsDependencies {
  readonly queue: Pick<QueueStore, "knownRooms" | "learnRooms">;
  readonly rooms: Pick<Rooms, "names">;
  readonly clock: Clock;
}

/**
 * The rooms that exist, for callers without a credential. All names together cost one call to one
 * store a second and isolate, and none to PostgreSQL while the queue's store knows all rooms.
 */
export interface KnownRooms {
  /** What was so within the last second. `main` always exists. */
  has(context: RequestContext, room: RoomId): Promise<boolean>;
  /** Must be called when this isolate has created or deleted a room. */
  forget(): void;
}

/**
 * After a wipe the queue's store does not know all rooms: then one second brings the names from
 * PostgreSQL, and the next one gives them to the queue's store. Until then those count that were
 * known before.
 */
export function createKnownRooms({ queue, rooms, clock }: KnownRoomsDependencies): KnownRooms {
  let names: ReadonlySet<RoomId> = new Set();
  let next: "READ_QUEUE" | "READ_DATABASE" | "TEACH_QUEUE" = "READ_QUEUE";
  let asked: { readonly atMs: number; readonly answer: Promise<unknown> } | null = null;

  async function ask(): Promise<void> {
    switch (next) {
      case "READ_QUEUE": {
        const known = await queue.knownRooms();
        names = new Set(known.areAll ? known.names : [...names, ...known.names]);
        if (!known.areAll) next = "READ_DATABASE";
        return;
      }
      case "READ_DATABASE":
        names = new Set(await rooms.names());
        next = "TEACH_QUEUE";
        return;
      case "TEACH_QUEUE":
        await queue.learnRooms([...names]);
        next = "READ_QUEUE";
    }
  }

  return {
    async has(context, room) {
      if (room === MAIN_ROOM) return true;
      const nowMs = clock();
      if (!asked || Math.abs(nowMs - asked.atMs) >= ASK_INTERVAL_MS) {
        // An error is kept for as long as an answer.
        const answer = ask().then(() => null, (error: unknown) => error);
        asked = { atMs: nowMs, answer };
        context.keepAlive(answer.then(() => {}));
      }
      const error = await inTime(asked.answer);
      if (error !== null && !names.has(room)) throw error;
      return names.has(room);
    },
    forget() {
      asked = null;
    },
  };
}

/** What the promise gives, or an error when the deadline comes first. */
async function inTime(answer: Promise<unknown>): Promise<unknown> {
  const late = Promise.withResolvers<unknown>();
  const timer = setTimeout(
    () => late.resolve(new DependencyError("redis", new Error("no answer in time"))),
    FOLLOWER_DEADLINE_MS,
  );
  try {
    return await Promise.race([answer, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}
