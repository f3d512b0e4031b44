import { memoryQueueStore } from "../../../src/adapters/memory/queue_store.ts";
import type { Front } from "../../../src/domain/front.ts";
import { MAIN_ROOM, type RoomId } from "../../../src/domain/ids.ts";
import type { QueueStore } from "../../../src/ports/queue_store.ts";
import { seededRandom } from "../../support/random.ts";
import { testClock } from "../../support/test_clock.ts";
import type { MakeLine } from "./line.ts";

/** A call of the store with everything that decides its effect. */
interface Recorded {
  readonly atMs: number;
  readonly random: number;
  readonly ids: string[];
  readonly run: () => Promise<unknown>;
}

/** Lines in this process's memory; `make` may be a mutated store. */
export function memoryModelLines(make = memoryQueueStore): MakeLine {
  return async (settings, seed) => {
    const clock = testClock();
    const random = seededRandom(seed);
    let receive: (front: Front, room: RoomId) => void = () => {};
    let acts: Recorded[] = [];
    let current: Recorded | null = null;
    let replayedIds: string[] | null = null;
    let made = 0;

    const store = make({
      settings,
      clock,
      bounds: settings.bounds,
      random: () => current!.random,
      newId() {
        const id = replayedIds?.shift() ?? `id-${++made}`;
        if (!replayedIds) current!.ids.push(id);
        return id;
      },
      onFront: (room, front) => replayedIds || receive(front, room),
    });

    function recorded<Args extends unknown[], Answer>(method: (...args: Args) => Promise<Answer>) {
      return (...args: Args): Promise<Answer> => {
        current = { atMs: clock(), random: random(), ids: [], run: () => method(...args) };
        acts.push(current);
        return method(...args);
      };
    }

    /** Plays these calls again on an empty store, at their times. */
    async function replay(calls: readonly Recorded[]): Promise<void> {
      const nowMs = clock();
      store.wipe();
      for (const call of calls) {
        clock.advance(call.atMs - clock());
        current = call;
        replayedIds = [...call.ids];
        await call.run();
      }
      replayedIds = null;
      clock.advance(nowMs - clock());
    }

    const queue: QueueStore = {
      join: recorded(store.join),
      status: recorded(store.status),
      endPlaces: recorded(store.endPlaces),
      leave: recorded(store.leave),
      front: recorded(store.front),
      promote: recorded(store.promote),
      counts: recorded(store.counts),
      history: recorded(store.history),
      overview: recorded(store.overview),
      findPlace: recorded(store.findPlace),
      findLastPlace: recorded(store.findLastPlace),
      forgetFan: recorded(store.forgetFan),
      applyRules: recorded(store.applyRules),
      sealRoom: recorded(store.sealRoom),
      removeRoom: recorded(store.removeRoom),
      knownRooms: recorded(store.knownRooms),
      learnRooms: recorded(store.learnRooms),
      activeRooms: recorded(store.activeRooms),
      updateStock: recorded(store.updateStock),
      listDraw: recorded(store.listDraw),
      ping: store.ping,
    };
    return {
      queue,
      settings,
      clock,
      onFront(next) {
        receive = next;
      },
      async forget() {
        store.wipe();
        acts = [];
      },
      async save() {
        const saved = [...acts];
        return async () => {
          await replay(saved);
          acts = [...saved];
        };
      },
      sizes: async () => store.sizes(MAIN_ROOM),
      close: async () => {},
    };
  };
}
