import type { RushOptions } from "./options.ts";
import type { Progress } from "./report/progress.ts";

/** The server under test. */
export interface Target {
  readonly base: string;
  readonly adminToken: string;
  /** Null: fans sign in at /dev/sign-in. */
  readonly userJwtSecret: string | null;
  /** SEAT_LIMIT, until a refusal states another limit. */
  readonly seatLimit: number;
  /** SHOW_UP_SECONDS. Null: not known. */
  readonly showUpMs: number | null;
}

export interface RushParts {
  readonly options: RushOptions;
  readonly target: Target;
  readonly progress: Progress;
  /** Ends all requests and pauses at once. The rush then throws `Stopped`. */
  readonly signal: AbortSignal;
}
