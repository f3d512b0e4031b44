import { type FanId, MAIN_ROOM } from "../../src/domain/ids.ts";
import type { QueueToken } from "../../src/domain/queue.ts";
import type { SalePlan } from "./plan.ts";

export const JOINING = 0;
export const WAITING = 1;
export const INSIDE = 2;
export const DONE = 3;

/** A number in [0, 1) that depends on nothing but its arguments. */
export function uniform(seed: number, purpose: number, index: number): number {
  let mixed = Math.imul(seed ^ Math.imul(purpose, 0x9e3779b1), 0x85ebca6b) ^ index;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x7feb352d);
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x846ca68b);
  return ((mixed ^ (mixed >>> 16)) >>> 0) / 2 ** 32;
}

function exponential(random: () => number): number {
  return -Math.log(1 - random());
}

const GHOST = 1;
const VANISHES = 2;
const JOIN_TIME = 3;
const SHOPS = 4;
const LEAVES = 5;
const LAPSES = 6;
/** The last one: further numbers of a session count up from here. */
const SESSION = 7;

/** A fan's record: numbers beside each other, because most of the time goes into fetching them. */
const RECORD = 4;
const ORDER = 0;
const MADE_AT = 1;
const TOLD = 2;
const FLAGS = 3;
/** In the flags, above the phase. */
const NEAR = 4;
const PARKED = 8;

/**
 * The fans of a sale, in typed arrays: a million of them take 60 MB. What a fan does depends on the
 * seed and the fan alone, so the same crowd comes to every variant of a sale.
 */
export class Crowd {
  readonly plan: SalePlan;
  readonly ids: readonly FanId[];
  /** Of a fan who is inside: the next call, when the fan went in, and for how long. */
  readonly call: Uint8Array;
  readonly insideSinceMs: Float64Array;
  readonly insideForMs: Float64Array;
  readonly #records: Float64Array;
  #epoch = "";

  constructor(plan: SalePlan) {
    const { fans } = plan;
    this.plan = plan;
    this.ids = Array.from({ length: fans }, (_, fan) => `fan-${fan}` as FanId);
    this.call = new Uint8Array(fans);
    this.insideSinceMs = new Float64Array(fans);
    this.insideForMs = new Float64Array(fans);
    this.#records = new Float64Array(fans * RECORD);
    for (let fan = 0; fan < fans; fan++) this.#records[fan * RECORD + TOLD] = Infinity;
  }

  #trait(purpose: number, index: number): number {
    return uniform(this.plan.seed, purpose, index);
  }

  joinsAtMs(fan: number): number {
    const { joinOverMs, joinBursts } = this.plan;
    const share = this.#trait(JOIN_TIME, fan);
    return (joinBursts ? Math.floor(share * joinBursts) / joinBursts : share) * joinOverMs;
  }

  /** Joins, and never calls again. */
  isGhost(fan: number): boolean {
    const { ghosts } = this.plan;
    return ghosts > 0 && this.#trait(GHOST, fan) < ghosts;
  }

  /** Does not call any more once the token is near. */
  vanishes(fan: number): boolean {
    const { vanishing } = this.plan;
    return vanishing > 0 && this.#trait(VANISHES, fan) < vanishing;
  }

  shops(fan: number): boolean {
    return this.#trait(SHOPS, fan) < this.plan.shoppers;
  }

  leaves(fan: number): boolean {
    return this.#trait(LEAVES, fan) < this.plan.leaving;
  }

  lapses(fan: number): boolean {
    return this.#trait(LAPSES, fan) < this.plan.lapsing;
  }

  /** The n-th to be admitted stays as long in every variant of a sale, whoever it is. */
  stayMs(admission: number, sinceMs: number): number {
    const { sessionMs, sessionShape = exponential, endsEveryMs, room } = this.plan;
    let purpose = SESSION;
    const ms = sessionShape(() => this.#trait(purpose++, admission)) * sessionMs;
    const untilEndMs = endsEveryMs
      ? Math.ceil((sinceMs + ms) / endsEveryMs) * endsEveryMs - sinceMs
      : ms;
    return Math.min(room.admissionTtlMs - 1000, untilEndMs);
  }

  phaseOf(fan: number): number {
    return this.#records[fan * RECORD + FLAGS]! & 3;
  }

  enter(fan: number, phase: number): void {
    const at = fan * RECORD + FLAGS;
    this.#records[at] = this.#records[at]! & ~3 | phase;
  }

  orderOf(fan: number): number {
    return this.#records[fan * RECORD + ORDER]!;
  }

  isNear(fan: number): boolean {
    return (this.#records[fan * RECORD + FLAGS]! & NEAR) !== 0;
  }

  /** Notes that the fan lost the turn. False if that was known. */
  park(fan: number): boolean {
    const at = fan * RECORD + FLAGS;
    const wasParked = (this.#records[at]! & PARKED) !== 0;
    this.#records[at] = this.#records[at]! | PARKED;
    return !wasParked;
  }

  /** Notes a number ahead that the fan was told. Returns the lowest one that was told before. */
  tell(fan: number, ahead: number): number {
    const at = fan * RECORD + TOLD;
    const lowest = this.#records[at]!;
    if (ahead < lowest) this.#records[at] = ahead;
    return lowest;
  }

  token(fan: number): QueueToken {
    const at = fan * RECORD;
    return {
      room: MAIN_ROOM,
      fan: this.ids[fan]!,
      order: this.#records[at + ORDER]!,
      epoch: this.#epoch,
      madeAtMs: this.#records[at + MADE_AT]!,
      isNear: this.isNear(fan),
      pseudonym: null,
      isDrawn: false,
    };
  }

  keep(fan: number, { epoch, order, madeAtMs, isNear }: QueueToken): void {
    const at = fan * RECORD;
    this.#epoch = epoch;
    this.#records[at + ORDER] = order;
    this.#records[at + MADE_AT] = madeAtMs;
    if (isNear) this.#records[at + FLAGS] = this.#records[at + FLAGS]! | NEAR;
  }
}
