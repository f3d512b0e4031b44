import type { Front } from "../../../src/domain/front.ts";
import type { FanId, RoomId } from "../../../src/domain/ids.ts";
import type {
  DrawnTicket,
  LastPlace,
  PlaceView,
  QueueCounts,
  QueueStore,
} from "../../../src/ports/queue_store.ts";
import type { Place, PlaceState } from "./places.ts";

/** The whole line as its operator sees it at one moment, when nothing is left to do. */
export interface Look {
  readonly atMs: number;
  /** The fans whose places were looked for. */
  readonly seen: ReadonlySet<string>;
  readonly counts: QueueCounts;
  readonly front: Front;
  readonly views: ReadonlyMap<string, PlaceView>;
  readonly lastPlaces: ReadonlyMap<string, LastPlace>;
  readonly list: readonly DrawnTicket[];
  readonly isActive: boolean;
  /** How each live place stands, once the look is understood. */
  readonly states: Map<Place, PlaceState>;
}

const LIST_LIMIT = 1_000;
/** An act does a bounded part of the work; the line is still before this many acts. */
const MAX_ACTS = 200;
/** Acts may do work of which nothing is to be seen, such as forgetting why places ended. */
const SAME_ACTS = 4;

/** Whether counts say the same about who stands where. */
export function isSameCount(one: QueueCounts, other: QueueCounts): boolean {
  return one.gathered === other.gathered && one.waiting === other.waiting &&
    one.admitted === other.admitted && one.parked === other.parked;
}

/** Calls until upkeep finds nothing to do at this moment. Null for a room without rules. */
async function quiet(
  queue: QueueStore,
  room: RoomId,
): Promise<{ counts: QueueCounts; front: Front } | null> {
  let before: { counts: QueueCounts; front: Front } | null = null;
  let same = 0;
  for (let act = 0; act < MAX_ACTS; act++) {
    const counts = await queue.counts(room);
    const reading = await queue.front(room);
    if (!counts || !reading) return null;
    const { front } = reading;
    const isSame = before !== null && isSameCount(before.counts, counts) &&
      before.front.called === front.called;
    same = isSame ? same + 1 : 0;
    if (same === SAME_ACTS) return { counts, front };
    before = { counts, front };
  }
  throw new Error(`upkeep is not done after ${MAX_ACTS} acts`);
}

/** Null for a room without rules. */
export async function lookAt(
  queue: QueueStore,
  room: RoomId,
  fans: ReadonlySet<string>,
  atMs: number,
): Promise<Look | null> {
  for (let act = 0; act < MAX_ACTS; act++) {
    const line = await quiet(queue, room);
    if (!line) return null;
    const look = await lookOnce(queue, room, fans, atMs, line);
    // Work of which nothing is to be seen may have hidden other work.
    const after = await queue.counts(room);
    if (after && isSameCount(line.counts, after)) return look;
  }
  throw new Error(`upkeep is not done after ${MAX_ACTS} looks`);
}

async function lookOnce(
  queue: QueueStore,
  room: RoomId,
  fans: ReadonlySet<string>,
  atMs: number,
  { counts, front }: { readonly counts: QueueCounts; readonly front: Front },
): Promise<Look> {
  const views = new Map<string, PlaceView>();
  const lastPlaces = new Map<string, LastPlace>();
  await Promise.all([...fans].map(async (fan) => {
    const view = await queue.findPlace(room, fan as FanId);
    if (view) return void views.set(fan, view);
    const last = await queue.findLastPlace(room, fan as FanId);
    if (last) lastPlaces.set(fan, last);
  }));
  const hasList = front.drawnGatherings > 0;
  const list = hasList ? await queue.listDraw(room, 0, LIST_LIMIT) : [];
  const isActive = (await queue.activeRooms()).includes(room);
  return { atMs, seen: fans, counts, front, views, lastPlaces, list, isActive, states: new Map() };
}
