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

/**
 * The fans of a sale, in typed arrays: a million of them take 40 MB. What a fan does depends on the
 * seed and the fan alone, so the same crowd comes to every variant of a sale.
 */
export class Crowd {
  readonly plan: SalePlan;
  readonly ids: readonly FanId[];
  readonly phase: Uint8Array;
  /** The lowest number ahead that each fan was told. */
  readonly told: Float64Array;
  readonly wasParked: Uint8Array;
  /** Of a fan who is inside: the next call, when the fan went in, and for how long. */
  readonly call: Uint8Array;
  readonly insideSinceMs: Float64Array;
  readonly insideForMs: Float64Array;
  #epoch = "";
  readonly #order: Float64Array;
  readonly #madeAtMs: Float64Array;
  readonly #isNear: Uint8Array;

  constructor(plan: SalePlan) {
    const { fans } = plan;
    this.plan = plan;
    this.ids = Array.from({ length: fans }, (_, fan) => `fan-${fan}` as FanId);
    this.phase = new Uint8Array(fans);
    this.told = new Float64Array(fans).fill(Infinity);
    this.wasParked = new Uint8Array(fans);
    this.call = new Uint8Array(fans);
    this.insideSinceMs = new Float64Array(fans);
    this.insideForMs = new Float64Array(fans);
    this.#order = new Float64Array(fans);
    this.#madeAtMs = new Float64Array(fans);
    this.#isNear = new Uint8Array(fans);
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
    return this.#trait(GHOST, fan) < this.plan.ghosts;
  }

  /** Does not call any more once the token is near. */
  vanishes(fan: number): boolean {
    return this.#trait(VANISHES, fan) < this.plan.vanishing;
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

  orderOf(fan: number): number {
    return this.#order[fan]!;
  }

  isNear(fan: number): boolean {
    return this.#isNear[fan] === 1;
  }

  token(fan: number): QueueToken {
    return {
      room: MAIN_ROOM,
      fan: this.ids[fan]!,
      order: this.#order[fan]!,
      epoch: this.#epoch,
      madeAtMs: this.#madeAtMs[fan]!,
      isNear: this.#isNear[fan] === 1,
      pseudonym: null,
    };
  }

  keep(fan: number, { epoch, order, madeAtMs, isNear }: QueueToken): void {
    this.#epoch = epoch;
    this.#order[fan] = order;
    this.#madeAtMs[fan] = madeAtMs;
    this.#isNear[fan] = Number(isNear);
  }
}
