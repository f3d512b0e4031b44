import type { KeySetDocument } from "../domain/key_set.ts";

/** The identity provider, as the place of the keys that verify user tokens. */
export interface KeySetSource {
  /** The present key set. Settles within `KEY_SET_DEADLINE_MS`; throws when there is none. */
  fetch(): Promise<KeySetDocument>;
}
