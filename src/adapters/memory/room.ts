import type { FanId, RoomId } from "../../domain/ids.ts";
import type { LineSample } from "../../domain/line_history.ts";
import { type EndCause, orderBeforeFirst, type QueueSettings } from "../../domain/queue.ts";
import type { QueueBounds } from "../../domain/queue_bounds.ts";
import type { Rules } from "../../domain/room.ts";
import { Lobby } from "./gathering.ts";
import { RoomRules } from "./rules.ts";
import { SortedSet } from "./sorted_set.ts";
import { RoomSpeed } from "./speed.ts";
import { RoomStock } from "./stock.ts";

/** A place that was taken from the line. CALLED_AGAIN: its turn after a missed one. */
export type CalledPlace =
  | { readonly state: "PARKED" | "RETURNED"; readonly order: number }
  | {
    readonly state: "CALLED" | "CALLED_AGAIN" | "ADMITTED";
    readonly order: number;
    /** When the fan got the slot. */
    readonly sinceMs: number;
  }
  | {
    readonly state: "ENDED";
    readonly order: number;
    readonly atMs: number;
    readonly cause: EndCause;
  };

/**
 * One epoch of a room. "Live" times are less by `lostMs`, the time in which nobody could call, so
 * that no deadline comes nearer meanwhile. Other times are epoch milliseconds.
 */
export class Room {
  /** The order before the first ticket of the epoch. */
  readonly first: number;
  readonly rules: RoomRules;
  readonly lobby: Lobby;
  readonly speed: RoomSpeed;
  readonly stock = new RoomStock();

  /** Fan → order. A fan who missed a turn and returned stands before all orders. */
  readonly waiting = new SortedSet();
  /** Called fan who has not shown up → live deadline. */
  readonly turns = new SortedSet();
  /** Fan → end of the admission. */
  readonly admitted = new SortedSet();
  readonly places = new Map<FanId, CalledPlace>();
  parked = 0;
  returns = 0;
  /** Near fan and order of `waiting` → live time by which the fan was to call. */
  readonly calls = new SortedSet();
  /** Fan → when the place was proven, 0 for never: see `age`. */
  readonly proofs = new SortedSet();
  /** When the tickets up to this one were issued, at the latest. */
  issued: { readonly ticket: number; readonly atMs: number }[] = [];
  issuedAtMs = 0;
  /** The last order whose age was looked at, and when `age` has something to do next. */
  agedTo: number;
  ageAtMs = 0;

  /** The highest issued order, the highest one taken from the line, and the highest near one. */
  tickets: number;
  called: number;
  near: number;
  nearAtMs = 0;
  /** The near limits of a window, each with the live time since when it stands. */
  raises: { readonly near: number; readonly sinceMs: number }[] = [];
  /** When a raise last made far fans near. */
  farRaisedAtMs = -Infinity;
  lostMs = 0;
  /** The last outages: the live time of the beginning, and `lostMs` before it. */
  outages: { readonly liveMs: number; readonly lostBeforeMs: number }[] = [];
  actedAtMs = Infinity;
  /** Upkeep has nothing to do before this time. */
  dueMs = 0;
  /** The theoretical arrival time of the next admission (GCRA). */
  arrivalMs = 0;

  /**
   * Pseudonyms, by the epoch as the salt, of the fans whose tokens of earlier epochs bring nothing any
   * more: they rejoined, or were erased. `rejoins`: whether some who rejoined may wait.
   */
  readonly rejoined = new Set<string>();
  rejoins = false;
  /** Until then the line re-forms, and only returned fans are promoted. */
  holdUntilMs = 0;
  /** When somebody was there last; 0 for never. */
  activeAtMs = 0;
  lastTickAtMs: number | null = null;
  /** Turns that were missed. */
  missed = 0;
  /** The samples of the last hour: see `noteSample`. */
  samples: readonly LineSample[] = [];
  /** When the last sample was due. */
  notedAtMs = 0;
  /** Whether the document about the front has changed since it was handed out. */
  isFrontNew = false;

  constructor(
    readonly id: RoomId,
    readonly epoch: string,
    rules: Rules,
    readonly createdAtMs: number,
    readonly settings: QueueSettings,
    readonly bounds: QueueBounds,
  ) {
    this.first = orderBeforeFirst(createdAtMs);
    this.tickets =
      this.called =
      this.near =
      this.agedTo =
        this.first;
    this.rules = new RoomRules(rules, createdAtMs);
    this.lobby = new Lobby(this.first, rules.draw);
    this.speed = new RoomSpeed(createdAtMs);
  }

  /** Fans who hold a slot. */
  get inside(): number {
    return this.turns.size + this.admitted.size;
  }

  get undrawn(): number {
    return this.lobby.isDrawing ? this.lobby.gathered.size : 0;
  }

  /** Whether nobody gathers, waits or is inside. */
  get isDeserted(): boolean {
    return this.waiting.size + this.inside + this.lobby.gathered.size === 0;
  }

  /** Whether nobody has a place, a parked one included. */
  get isUnused(): boolean {
    return this.isDeserted && this.parked === 0;
  }

  /** Fans who missed a turn and returned, and fans who rejoined after a reset. All wait. */
  get returnedWaiting(): number {
    return this.waiting.countBelow(0);
  }

  get rejoinedWaiting(): number {
    return this.waiting.countBelow(this.first + 1) - this.returnedWaiting;
  }

  /** Whether fans may still rejoin after a reset, or have done so and wait. */
  isReforming(nowMs: number): boolean {
    return this.rejoins || nowMs < this.holdUntilMs;
  }

  /** The time in which everybody calls once. */
  windowMs(nowMs: number): number {
    return this.rules.toldMs(nowMs - this.lostMs) + this.settings.showUpMs;
  }

  get sizes(): Record<string, number> {
    const { waiting, turns, admitted, places, calls, proofs, rejoined, issued, raises } = this;
    const sets = { waiting, turns, admitted, places, calls, proofs, rejoined };
    const sizes = Object.entries(sets).map(([name, { size }]) => [name, size]);
    return {
      ...Object.fromEntries(sizes),
      issued: issued.length,
      raises: raises.length,
      ...this.lobby.sizes,
    };
  }
}
