import { FRONT_TTL_MS } from "../../src/domain/front.ts";
import type { LineStatus } from "../../src/domain/line_status.ts";
import type { Crowd } from "./crowd.ts";

/** How often a law was broken. None of these may be above 0. */
export interface Violations {
  /** Fans who polled as told, and wait although a later one was admitted: overtaken or parked. */
  overtaken: number;
  /** Answers with more fans ahead than an earlier answer had. */
  rises: number;
  /** Admissions beyond the capacity. */
  overCapacity: number;
  /** Places that ended while their fan polled as told. */
  lost: number;
}

export function noViolations(): Violations {
  return { overtaken: 0, rises: 0, overCapacity: 0, lost: 0 };
}

type Waiting = LineStatus & { readonly state: "WAITING" };

/** Checks every answer of a sale. */
export class Laws {
  readonly violations = noViolations();
  mostInside = 0;
  inside = 0;
  readonly #crowd: Crowd;
  #capacity: number;
  /** The highest order that was told ADMITTED: until now, and until each step of the last second. */
  #highest = -Infinity;
  readonly #highestBefore: number[];

  constructor(crowd: Crowd, stepMs: number) {
    this.#crowd = crowd;
    this.#capacity = crowd.plan.room.capacity;
    this.#highestBefore = Array.from({ length: FRONT_TTL_MS / stepMs + 1 }, () => -Infinity);
  }

  beginStep(): void {
    this.#highestBefore.shift();
    this.#highestBefore.push(this.#highest);
  }

  /** After a lower capacity those who are inside may stay. */
  allow(capacity: number): void {
    this.#capacity = Math.max(this.#capacity, capacity);
  }

  admitted(fan: number): void {
    this.#highest = Math.max(this.#highest, this.#crowd.orderOf(fan));
    this.inside++;
    this.mostInside = Math.max(this.mostInside, this.inside);
    if (this.inside > this.#capacity) this.violations.overCapacity++;
  }

  /** A document is a second old at most: who was admitted since then may be behind the fan. */
  waits(fan: number, { ahead, positionIs }: Waiting, isFromDocument: boolean): void {
    const crowd = this.#crowd;
    const highest = isFromDocument ? this.#highestBefore[0]! : this.#highest;
    const isKnown = !isFromDocument || ahead !== null;
    if (isKnown && crowd.orderOf(fan) < highest && crowd.park(fan)) this.violations.overtaken++;
    if (ahead === null) return;
    const lowest = crowd.tell(fan, ahead);
    if (ahead > lowest && positionIs !== "AT_LEAST") this.violations.rises++;
  }
}
