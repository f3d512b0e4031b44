import type { Standing } from "../../../src/domain/queue.ts";
import { placeOf } from "../line/epoch.ts";
import { told } from "../line/fans.ts";
import { checkDocument } from "./document_laws.ts";
import type { Fan } from "./fans.ts";
import type { Work } from "./scheduler.ts";
import type { Received, World } from "./world.ts";
import { WAITING_TTL_MS } from "./versions.ts";

/** A fan whose call failed, or who hears nothing, calls again after this time. */
export const RETRY_MS = 1_000;
/** A fan who gathers may be answered from a document of the moment before the opening. */
const DOCUMENT_MS = 1_000;
/** A document may be so old, and its isolate's clock so far from another's. */
const OLDEST_DOCUMENT_MS = 2_000;
/** Of every room, whatever the operator changes. */
const LONGEST_POLL_MS = 10_000;

function knownPlace({ redis, tokens }: World, fan: Fan, token = fan.token) {
  const { witness } = redis.rooms.get(fan.room.room)!;
  const ref = token === null ? null : tokens.verify(token);
  return ref && witness.epoch ? placeOf(witness.epoch, ref) : undefined;
}

/** Before a call about the line: if its answer is lost, the fan calls again soon. */
export function beginsToAsk(world: World, fan: Fan, work: Work): void {
  fan.asking.add(work);
  const place = knownPlace(world, fan);
  if (place) place.callByMs = Math.min(place.callByMs, work.startedMs + RETRY_MS);
}

/** What a fan does with an answer about the line. `token` is the one that the fan asked with. */
export function hears(
  world: World,
  fan: Fan,
  token: string | null,
  { status, body }: Received,
  work: Work,
): void {
  const { clock, redis, tokens } = world;
  const isAlone = [...fan.asking].every((other) => other === work || other.isDead);
  fan.asking.delete(work);
  const nowMs = clock();
  if (status >= 400 || body === null) {
    // A closed line is asked again; a room that is gone is not.
    fan.nextMs = fan.isAbsent ? Infinity : nowMs + RETRY_MS * (status === 409 ? 5 : 1);
    fan.isOver = status === 409;
    return;
  }
  // Another answer came first, and the fan has a newer token.
  if (fan.token !== token && token !== null) return;
  fan.token = body.token ?? token;
  if (fan.token === null) return;
  const parsed = tokens.verify(fan.token)!;
  const { witness } = redis.rooms.get(fan.room.room)!;
  const byQueue = ["queue.status", "queue.join", "queue.leave"].some((one) => work.asked.has(one));
  const standing = standingOf(body, parsed.isNear);
  const document = byQueue ? null : {
    takenAtMs: nowMs - OLDEST_DOCUMENT_MS,
    isOutage: body.ahead === null,
    lastCallMs: work.startedMs - OLDEST_DOCUMENT_MS + LONGEST_POLL_MS,
  };
  if (document && standing) checkDocument(world, parsed, body, work);
  if (standing) {
    const asked = token === null ? parsed : { ...parsed, isNear: tokens.verify(token)!.isNear };
    told(witness, asked, standing, { document, isNewest: isAlone, skewMs: OLDEST_DOCUMENT_MS });
  }
  follow(world, fan, body, work, document?.lastCallMs ?? Infinity);
}

/** The parts of a standing that an answer tells; null of one that has no law of its own. */
// deno-lint-ignore no-explicit-any
function standingOf(body: any, isNear: boolean): Standing | null {
  if (body.state !== "WAITING" || body.pseudonym) return null;
  const expiresAtMs = Date.parse(body.expiresAt);
  const { ahead, positionIs } = body;
  return {
    state: "WAITING",
    ahead,
    positionIs,
    isNear,
    expiresAtMs,
    provenAtMs: expiresAtMs - WAITING_TTL_MS,
  } as Standing;
}

// deno-lint-ignore no-explicit-any
function follow(world: World, fan: Fan, body: any, work: Work, lastCallMs: number): void {
  const nowMs = world.clock();
  fan.isOver = body.reason === "SOLD_OUT";
  switch (body.state) {
    case "WAITING": {
      fan.state = "WAITING";
      const gathers = body.pseudonym !== undefined && body.ahead === null;
      const toldCallMs = work.startedMs + body.pollAfterSeconds * 1000 -
        (gathers ? DOCUMENT_MS : 0);
      const callByMs = Math.min(toldCallMs, lastCallMs);
      const place = knownPlace(world, fan);
      if (place) Object.assign(place, { toldCallMs, callByMs });
      fan.nextMs = fan.isAbsent ? Infinity : Math.max(nowMs + 100, callByMs);
      return;
    }
    case "ADMITTED":
      if (fan.state !== "ADMITTED") fan.visits = 0;
      fan.state = "ADMITTED";
      fan.nextMs = fan.isAbsent ? Infinity : nowMs + 500 + Math.floor(world.random() * 9_000);
      return;
    default:
      fan.state = body.reason === "LINE_RESET" ? "RESET" : "OUT";
      if (fan.state === "OUT") fan.token = null;
      fan.isOver = fan.state === "OUT";
      fan.nextMs = fan.isAbsent || fan.state === "OUT" ? Infinity : nowMs + 1;
  }
}
