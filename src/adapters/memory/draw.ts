import { createHash, createHmac } from "node:crypto";
import type { FanId } from "../../domain/ids.ts";
import type { Draw } from "../../domain/room.ts";

/** As many characters as stand for a fan in Redis: one draw has one outcome in either store. */
const FAN_DIGEST_LENGTH = 14;
const PSEUDONYM_LENGTH = 16;
const VALUE_LENGTH = 13;
/** All values in a draw are below it. */
const VALUES = 2 ** (4 * VALUE_LENGTH);

/** By which a fan is known in the published list, and to nobody else. */
export function pseudonymOf(fan: FanId, { salt }: Draw): string {
  const digest = createHash("sha256").update(fan).digest("base64url").slice(0, FAN_DIGEST_LENGTH);
  return createHash("sha1").update(salt + digest).digest("hex").slice(0, PSEUDONYM_LENGTH);
}

/** What orders those who gathered: the lower goes first. */
export function drawValue(pseudonym: string, { seed }: Draw): number {
  const mac = createHmac("sha1", seed).update(pseudonym).digest("hex");
  return parseInt(mac.slice(0, VALUE_LENGTH), 16);
}

/** The value as a share of all, from 0 to below 1. */
export function drawShare(fan: FanId, draw: Draw | null): number {
  return draw === null ? 0 : drawValue(pseudonymOf(fan, draw), draw) / VALUES;
}
