import { createHmac } from "node:crypto";
import type { DrawValue } from "../../domain/draw.ts";

/** The length of a value in hex characters: 52 bits, which a double holds exactly. */
const VALUE_LENGTH = 13;

/** The leading bits of HMAC-SHA-1(seed, pseudonym). Every store has the same order of a draw. */
export const drawValue: DrawValue = (pseudonym, seed) => {
  const mac = createHmac("sha1", seed).update(pseudonym).digest("hex");
  return parseInt(mac.slice(0, VALUE_LENGTH), 16);
};
