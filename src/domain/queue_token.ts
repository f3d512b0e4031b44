import type { PlaceRef, QueueToken, Standing } from "./queue.ts";

/** A near token is renewed in this share of the waiting TTL, because an old one cannot rejoin. */
const NEAR_RENEWAL_SHARE = 1 / 4;

/** The token of a place that the queue has just answered about. */
export function tokenOf(
  { room, fan, order, epoch }: PlaceRef,
  standing: Standing,
  nowMs: number,
): QueueToken {
  const ticketed = "order" in standing && standing.order !== null ? standing.order : order;
  const place = { room, fan, epoch, order: ticketed, isDrawn: order < 0 && ticketed >= 0 };
  switch (standing.state) {
    case "GATHERED": {
      const { pseudonym, provenAtMs: madeAtMs } = standing;
      return { ...place, madeAtMs, isNear: false, pseudonym };
    }
    case "WAITING": {
      const { isNear, provenAtMs: madeAtMs } = standing;
      return { ...place, madeAtMs, isNear, pseudonym: null };
    }
    // The store compares it with the time at which a room was made, by its own clock.
    case "ADMITTED":
      return { ...place, madeAtMs: standing.provenAtMs, isNear: true, pseudonym: null };
    case "GONE":
      return { ...place, madeAtMs: nowMs, isNear: true, pseudonym: null };
  }
}

/**
 * A newer token of the same place, or null when the standing has no news for the token. News is
 * that the place is near for the first time, that it has a ticket, or that it was proven. A token
 * that is near stays near.
 */
export function renewedToken(
  token: QueueToken,
  standing: Standing,
  { nowMs, waitingTtlMs }: { readonly nowMs: number; readonly waitingTtlMs: number },
): QueueToken | null {
  if (standing.state === "GONE") return null;
  const present = tokenOf(token, standing, nowMs);
  const newer: QueueToken = {
    ...present,
    isNear: token.isNear || present.isNear,
    isDrawn: token.isDrawn || present.isDrawn,
    pseudonym: present.pseudonym ?? (present.order < 0 ? token.pseudonym : null),
  };
  const renewsAfterMs = token.isNear ? waitingTtlMs * NEAR_RENEWAL_SHARE : 1;
  const hasNews = newer.isNear !== token.isNear || newer.order !== token.order ||
    newer.pseudonym !== token.pseudonym || newer.madeAtMs - token.madeAtMs >= renewsAfterMs;
  return hasNews ? newer : null;
}
