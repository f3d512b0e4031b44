import type { QueueToken, Standing } from "../../../src/domain/queue.ts";
import { type Epoch, placeOf } from "./epoch.ts";
import { isPunctual, type Place } from "./places.ts";
import type { Witness } from "./witness.ts";

/** When a fan calls: on time, at the last moment that the laws allow, or never by themselves. */
export type Mood = "PUNCTUAL" | "LATE" | "ABSENT";

export interface Fan {
  readonly name: string;
  mood: Mood;
  /** The newest token that the fan has. */
  token: QueueToken | null;
  /** When the fan acts next; Infinity for never. */
  nextMs: number;
  /** Whether the fan is admitted by what was answered. */
  isAdmitted: boolean;
  /** Whether the line was reset, so that the token brings a place only by another join. */
  isReset: boolean;
}

export function newFan(name: string, mood: Mood): Fan {
  return { name, mood, token: null, nextMs: Infinity, isAdmitted: false, isReset: false };
}

/** A document from which an answer was made. */
export interface Document {
  readonly takenAtMs: number;
  readonly isOutage: boolean;
  /** The longest poll after it was taken. */
  readonly lastCallMs: number;
}

/** How an answer came about. */
export interface Way {
  /** The document that it was made from; null when the queue answered. */
  readonly document: Document | null;
  /** Whether the fan asked with the newest token. */
  readonly isNewest: boolean;
  /** By how much the document may be older than it seems, because clocks differ. */
  readonly skewMs: number;
}

/** The laws of what one fan is told, by whichever way. */
export function told(
  witness: Witness,
  token: QueueToken,
  standing: Standing,
  way: Way,
): void {
  const { laws, epoch, clock } = witness;
  const { document } = way;
  laws.check(
    "near is never answered from a document",
    document === null || !token.isNear,
    () => `${token.fan} with ${token.order}, near, from ${JSON.stringify(document)}`,
  );
  laws.check(
    "nobody is admitted or gone by a document",
    document === null || standing.state === "WAITING" || standing.state === "GATHERED",
    () => `${token.fan} reads ${standing.state}`,
  );
  if (document) checkAge(witness, token, document, way.skewMs);
  const place = epoch && placeOf(epoch, token);
  if (!epoch || !place || place.state === "OVER") return;
  if (standing.state !== "WAITING" && standing.state !== "GATHERED") return;
  trust(place, clock(), witness.graceMs, document === null);
  if (standing.state === "WAITING" && way.isNewest) hearAhead(witness, epoch, place, standing, way);
}

/** A document serves for a second, and for longer only while the store does not answer. */
function checkAge(
  { laws, clock }: Witness,
  token: QueueToken,
  { takenAtMs, isOutage }: NonNullable<Way["document"]>,
  skewMs: number,
): void {
  const ageMs = clock() - takenAtMs;
  laws.check(
    "a document is used for a second, and for 30 s in an outage",
    ageMs < (isOutage ? 30_000 : 1_000) + skewMs,
    () => `${token.fan} is answered from a document of ${ageMs} ms`,
  );
}

function hearAhead(
  { laws, clock, settings: { waitingTtlMs } }: Witness,
  epoch: Epoch,
  place: Place,
  standing: Standing & { readonly state: "WAITING" },
  { document }: Way,
): void {
  const nowMs = clock();
  const { ahead, positionIs, isNear, provenAtMs, expiresAtMs } = standing;
  laws.check(
    "near never becomes far",
    isNear || !place.isNear || epoch.hasLostActs,
    () => `${place.fan} with ${place.order} was near`,
  );
  laws.check(
    "no position is told from an old document",
    (!document?.isOutage || ahead === null) && (ahead !== null || document !== null) &&
      (ahead === null) === (positionIs === null),
    () => `${place.fan} has ${ahead} ahead, ${positionIs}`,
  );
  laws.check(
    "a place expires the waiting TTL after its proof",
    expiresAtMs === provenAtMs + waitingTtlMs,
    () => `${place.fan}: ${provenAtMs}, ${expiresAtMs}`,
  );
  place.isNear ||= isNear;
  if (ahead === null) return;
  laws.check("a number ahead is not below 0", ahead >= 0, () => `${place.fan} has ${ahead} ahead`);
  if (positionIs === "AT_LEAST") {
    place.told = Infinity;
    return;
  }
  // Whoever calls sooner than told may be answered from an older document than before.
  const isSooner = document !== null && nowMs < place.toldCallMs &&
    document.takenAtMs <= place.toldMs;
  laws.check(
    "L4: no position rises",
    isSooner || ahead <= place.told || nowMs < epoch.uncertainUntilMs,
    () => `${place.fan} with ${place.order} was told ${place.told}, and is told ${ahead}`,
  );
  place.told = isSooner ? Math.min(place.told, ahead) : ahead;
  place.toldMs = nowMs;
}

/**
 * A fan who calls in time is trusted since the first of these calls. After a late one only the queue
 * tells where the place stands.
 */
function trust(place: Place, nowMs: number, graceMs: number, isByQueue: boolean): void {
  if (isPunctual(place, nowMs, graceMs)) return;
  place.punctualSinceMs = isByQueue ? nowMs : Infinity;
  place.told = Infinity;
}
