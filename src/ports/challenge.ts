import type { FanId, RoomId } from "../domain/ids.ts";

/** Who wants to join with the token of a challenge. */
export interface ChallengedJoin {
  readonly room: RoomId;
  readonly fan: FanId;
}

/** A test for people in front of a line. A page shows it, and its token is checked here. */
export interface Challenge {
  /** The public name of the challenge, with which a page asks for it. */
  readonly siteKey: string;
  /** The script that shows the challenge in a page: the interface of Turnstile's `api.js`. */
  readonly scriptUrl: string;
  /**
   * Whether the token is that of a passed challenge. A token passes for one join alone; the same join
   * may be sent again with it. Throws `DependencyError` when the verifier gives no verdict.
   */
  hasPassed(token: string, join: ChallengedJoin): Promise<boolean>;
}
