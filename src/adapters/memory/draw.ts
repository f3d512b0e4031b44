import { createHash } from "node:crypto";
import { DRAW_VALUES } from "../../domain/draw.ts";
import type { FanId } from "../../domain/ids.ts";
import type { Draw } from "../../domain/room.ts";
import { drawValue } from "../node_crypto/draw_value.ts";

/** The length of a fan digest in Redis. Both stores must have the same result of a draw. */
const FAN_DIGEST_LENGTH = 14;
const PSEUDONYM_LENGTH = 16;

/** Identifies the fan, in the published list above all. Only the fan receives it. 16 hex characters. */
export function pseudonymOf(fan: FanId, { salt }: Pick<Draw, "salt">): string {
  const digest = createHash("sha256").update(fan).digest("base64url").slice(0, FAN_DIGEST_LENGTH);
  return createHash("sha1").update(salt + digest).digest("hex").slice(0, PSEUDONYM_LENGTH);
}

/** The draw value as a fraction, from 0 to below 1. It is 0 without a draw. */
export function drawShare(fan: FanId, draw: Draw | null): number {
  return draw === null ? 0 : drawValue(pseudonymOf(fan, draw), draw.seed) / DRAW_VALUES;
}
