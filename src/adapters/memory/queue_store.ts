import type { FanId, RoomId } from "../../domain/ids.ts";
import type { PlaceRef, QueueSettings, Standing } from "../../domain/queue.ts";
import type { Rules, Stock } from "../../domain/room.ts";
import type { Clock, NewId } from "../../ports/clock.ts";
import type {
  DrawnTicket,
  Joined,
  JoinRefusal,
  PlaceView,
  QueueCounts,
  QueueStore,
  Upkeep,
} from "../../ports/queue_store.ts";
import { type Room, room } from "./room.ts";
import { type RoomRules, roomRules } from "./rules.ts";
import { type RoomStock, roomStock } from "./stock.ts";

interface Governed {
  readonly rules: RoomRules;
  readonly stock: RoomStock;
  /** Its epoch; null before the first place. */
  room: Room | null;
  lastTickAtMs: number | null;
}

const LINE_RESET: Standing = { state: "GONE", reason: "LINE_RESET" };
const NOBODY = { gathered: 0, waiting: 0, admitted: 0, parked: 0, admittedLastMinute: 0 };
const NOTHING_DONE = { expired: 0, admitted: 0, more: false };

export interface MemoryQueueStoreOptions {
  readonly settings: QueueSettings;
  readonly clock: Clock;
  readonly newId: NewId;
}

/** The line in this process's memory. Acts are synchronous, hence atomic. */
export function memoryQueueStore(
  { settings, clock, newId }: MemoryQueueStoreOptions,
): QueueStore & { wipe(): void } {
  const { showUpMs, waitingTtlMs } = settings;
  const governed = new Map<RoomId, Governed>();

  function begin(id: RoomId, { rules, stock }: Governed): Room {
    return room({ id, epoch: newId(), createdAtMs: clock(), waitingTtlMs, rules, stock });
  }

  /** The room if the token is of its present epoch. */
  function presentRoom(place: PlaceRef): Room | undefined {
    const found = governed.get(place.room)?.room;
    return found?.epoch === place.epoch ? found : undefined;
  }

  // Async functions, so that an act that throws rejects as one over a network would.
  return {
    async join(id: RoomId, fan: FanId, earlier: PlaceRef | null): Promise<Joined | JoinRefusal> {
      const known = governed.get(id);
      if (!known) return { refused: "NO_RULES" };
      if (!known.room) {
        const refusal = earlier ? null : known.rules.refusal(clock());
        if (refusal) return refusal;
        known.room = begin(id, known);
      }
      return known.room.join(fan, earlier, clock());
    },
    async status(place: PlaceRef): Promise<Standing> {
      return presentRoom(place)?.status(place, clock()) ?? LINE_RESET;
    },
    async endPlaces(places: readonly PlaceRef[]): Promise<void> {
      const byRoom = Map.groupBy(places, (place) => presentRoom(place));
      for (const [present, ofRoom] of byRoom) present?.end(ofRoom, clock());
    },
    async leave(place: PlaceRef): Promise<Standing> {
      const present = presentRoom(place);
      present?.end([place], clock());
      return present ? { state: "GONE", reason: "ENDED" } : LINE_RESET;
    },
    async promote(id: RoomId, release = 0): Promise<Upkeep> {
      const known = governed.get(id);
      if (!known) {
        return { ...NOTHING_DONE, lastActiveAtMs: null, hasOpened: false, countStock: false };
      }
      known.lastTickAtMs = clock();
      const done = known.room?.upkeep(clock(), release) ?? NOTHING_DONE;
      return {
        ...done,
        lastActiveAtMs: known.room?.lastActiveAtMs ?? null,
        hasOpened: known.rules.hasOpened(clock()),
        countStock: known.room?.isAwaited === true && known.stock.takeRecount(clock()),
      };
    },
    async counts(id: RoomId): Promise<QueueCounts | null> {
      const known = governed.get(id);
      if (!known) return null;
      const counted = known.room?.counts(clock()) ?? NOBODY;
      const { rules, lastTickAtMs } = known;
      const epoch = known.room?.epoch ?? null;
      return { ...counted, lastTickAtMs, epoch, rules: rules.told(clock()) };
    },
    async findPlace(id: RoomId, fan: FanId): Promise<PlaceView | null> {
      return governed.get(id)?.room?.look(fan, clock()) ?? null;
    },
    async applyRules(id: RoomId, rules: Rules): Promise<void> {
      const known = governed.get(id);
      if (known) known.rules.follow(rules, clock());
      else {
        governed.set(id, {
          rules: roomRules(rules, showUpMs),
          stock: roomStock(),
          room: null,
          lastTickAtMs: null,
        });
      }
    },
    async rooms(): Promise<readonly RoomId[]> {
      return [...governed.keys()];
    },
    async updateStock(id: RoomId, stock: Stock): Promise<void> {
      const known = governed.get(id);
      if (known?.stock.tell(stock, clock())) known.room?.upkeep(clock());
    },
    async listDraw(
      id: RoomId,
      aboveTicket: number,
      limit: number,
    ): Promise<readonly DrawnTicket[]> {
      return governed.get(id)?.room?.published(aboveTicket, limit) ?? [];
    },
    async ping(): Promise<void> {},
    /** Forgets everything, as a wiped Redis would. */
    wipe(): void {
      governed.clear();
    },
  };
}
