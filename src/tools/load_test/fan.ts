import type { Ledger } from "./ledger.ts";
import type { Character } from "./character.ts";
import type { Dice } from "./random.ts";
import type { Seen } from "./seen.ts";
import type { Stopper } from "./stopper.ts";
import type { Wire } from "./wire.ts";

/** One member of the crowd. */
export interface Fan {
  readonly number: number;
  readonly userId: string;
  readonly who: Character;
  readonly dice: Dice;
  readonly ledger: Ledger;
  readonly bearer: string;
  /** Idempotency keys handed out so far; each act has its own. */
  keys: number;
  /** The stored queue token. */
  token: string | null;
  /** Places had so far, to tell one from the next. */
  places: number;
}

/** What all of the crowd share. */
export interface Scene {
  readonly wire: Wire;
  readonly seen: Seen;
  readonly stopper: Stopper;
  readonly operatorToken: string;
  /** Of this rush alone. */
  readonly room: string;
  readonly concertId: number;
  readonly thinkSeconds: number;
  readonly wallClock: () => number;
  /** From the start of the rush. */
  readonly now: () => number;
  /** How long ago the room was made, when fans gather in it: they come that much sooner. */
  readonly headStartMs: number;
  /** Set once the server has refused a fan's own top-up. */
  selfChargeForbidden: boolean;
}

export type Ending =
  | "bought"
  | "found it sold out"
  | "were sold out in line"
  | "found the line closed"
  | "gave up"
  | "never showed up"
  | "closed the tab"
  | "walked away"
  | "lost the place"
  | "lost the server"
  | "unfinished";

/** A person's moment of thought. */
export function think(fan: Fan, scene: Scene): Promise<void> {
  return scene.stopper.sleep(1000 * fan.dice.pause(scene.thinkSeconds));
}
