import {
  orderAfterReset,
  orderForRejoin,
  orderOfGatheredAfterReset,
  type QueueToken,
  ticketOf,
} from "../../../src/domain/queue.ts";
import type { FanId } from "../../../src/domain/ids.ts";
import { pseudonymOf } from "../../contract/queue_store/drawing.ts";
import type { Draw } from "../../../src/domain/room.ts";
import { DRAW_VALUES } from "../../../src/domain/draw.ts";
import { RULES_CHECK_MS } from "../../../src/domain/queue_bounds.ts";
import type { Joined, JoinOptions, JoinRefusal } from "../../../src/ports/queue_store.ts";
import { answered } from "./answers.ts";
import { addToken, allowsNow, type Epoch, longestPollMs, stateNow, tokenKey } from "./epoch.ts";
import { isOver, isPunctual, newPlace, surelyLives } from "./places.ts";
import { drawValueOf, endPlace, type Witness } from "./witness.ts";

/** The order that a token of an earlier epoch must bring; null when it must bring nothing. */
export function orderOfEarlier(
  { settings: { waitingTtlMs }, clock, epoch, removed }: Witness,
  fan: string,
  earlier: QueueToken | null,
  draw: Draw | null | undefined = epoch?.draw,
): number | null {
  if (!earlier || !epoch || earlier.epoch === epoch.id) return null;
  const { beganMs, first, rules, rejoined, erased } = epoch;
  if (rejoined.has(fan) || erased.has(fan)) return null;
  if (removed.has(earlier.epoch)) return null;
  if (allowsNow(epoch, clock()).gathers || clock() >= beganMs + waitingTtlMs) return null;
  // The first draw of the epoch ends rejoining.
  if (epoch.hasDrawn) return null;
  if (earlier.madeAtMs <= beganMs - waitingTtlMs || earlier.madeAtMs < rules.madeAtMs) return null;
  const order = orderForRejoin(earlier);
  if (order >= 0) return orderAfterReset(order, first);
  const share = draw ? drawValueOf(draw, fan) / DRAW_VALUES : 0;
  return orderOfGatheredAfterReset(order, share, first);
}

export function refused(
  witness: Witness,
  fan: string,
  earlier: QueueToken | null,
  refusal: JoinRefusal,
  { acceptUncheckedRules = false, hasPassedChallenge = false }: JoinOptions,
): void {
  const { laws, epoch, clock, graceMs, settings: { waitingTtlMs } } = witness;
  const nowMs = clock();
  laws.check(
    "a room without rules refuses joins, and no other does for that",
    (refusal.refused === "NO_RULES") === (epoch === null),
    () => `${fan} is refused: ${refusal.refused}`,
  );
  if (!epoch) return;
  const live = epoch.latest.get(fan);
  laws.check(
    "L3: whoever has a place is not refused",
    !live || !surelyLives(live, nowMs, { graceMs, waitingTtlMs }),
    () => `${fan}, ${live?.state}, is refused: ${refusal.refused}`,
  );
  if (refusal.refused === "UNCHECKED_RULES") {
    const isDue = nowMs - epoch.checkedMs > RULES_CHECK_MS;
    // Others may be parked since the last look.
    const there = epoch.places.filter((place) =>
      !isOver(place, nowMs) && !place.isUncertain &&
      (place.hasShownUp || place.state === "GATHERED" || isPunctual(place, nowMs, graceMs))
    );
    laws.check(
      "L8: only the rules of an empty room are checked before a join",
      !acceptUncheckedRules && isDue && there.length === 0,
      () => `${nowMs - epoch.checkedMs} ms, and there are ${JSON.stringify(there)}`,
    );
    return;
  }
  const { mayJoin, gathers } = allowsNow(epoch, nowMs);
  if (refusal.refused === "CHALLENGE") {
    laws.check(
      "only who needs a new place, and passed no challenge, is asked for one",
      epoch.rules.challengeAtJoin && !hasPassedChallenge && mayJoin &&
        orderOfEarlier(witness, fan, earlier) === null,
      () => `${fan} is asked in ${stateNow(epoch, nowMs)}`,
    );
  }
  if (refusal.refused !== "CLOSED") return;
  const isDrawing = epoch.places.some((place) => place.lotOpenedMs !== null && !place.order);
  laws.check(
    "L7: whoever may join is not refused",
    (!mayJoin && orderOfEarlier(witness, fan, earlier) === null) || (gathers && isDrawing),
    () => `${fan} is refused in ${stateNow(epoch, nowMs)}`,
  );
  laws.check(
    "L8: a refusal names the state of the room",
    refusal.state === stateNow(epoch, nowMs) && refusal.opensAtMs === epoch.rules.opensAtMs,
    () => `${refusal.state}, ${refusal.opensAtMs} in ${stateNow(epoch, nowMs)}`,
  );
}

export function joined(
  witness: Witness,
  fan: string,
  earlier: QueueToken | null,
  { created, place: ref, standing }: Joined,
  { acceptUncheckedRules = false, hasPassedChallenge = false, near }: JoinOptions & {
    /** The near limit before the call, which may have raised it after the fan got the place. */
    readonly near: number;
  },
): void {
  const { laws, epoch, clock } = witness;
  laws.check("a room without rules refuses joins", epoch !== null, () => `${fan} joined`);
  epoch!.id ??= ref.epoch;
  laws.check("a token has the epoch of the room", ref.epoch === epoch!.id, () => ref.epoch);
  laws.check("a token is the fan's", ref.fan === fan, () => `${ref.fan} for ${fan}`);
  laws.check(
    "L8: the rules of an empty room are checked before a join",
    !created || acceptUncheckedRules || clock() - epoch!.checkedMs <= RULES_CHECK_MS ||
      epoch!.places.some(({ state }) => state !== "OVER" && state !== "PARKED"),
    () => `${fan} joins by rules that were checked at ${epoch!.checkedMs}`,
  );
  laws.check(
    "nobody gets a new place of such a room without the challenge",
    !created || !epoch!.rules.challengeAtJoin || hasPassedChallenge ||
      orderOfEarlier(witness, fan, earlier) !== null,
    () => `${fan} joins`,
  );
  if (created) takePlace(witness, epoch!, fan, earlier, { order: ref.order, near });
  else keepPlace(witness, epoch!, fan, ref.order);
  answered(witness, ref, standing);
}

/** The fan had a place: the same again. Each join of a fan who gathers gives a token of its own. */
function keepPlace(
  { laws, clock }: Witness,
  epoch: Epoch,
  fan: string,
  order: number,
): void {
  const known = epoch.latest.get(fan);
  const isLive = known !== undefined && !isOver(known, clock());
  laws.check("L3: the same place again", isLive, () => `${fan} has a place that ended`);
  const isToken = epoch.byToken.get(tokenKey({ fan: fan as never, order })) === known;
  // The numbers of gatherings only grow. Those of a draw bring its tickets.
  const isNewNumber = known!.draw !== null && order < 0;
  const isTicket = order > 0 && (known!.order ?? order) === order;
  laws.check(
    "L3: the same ticket again",
    isToken || isNewNumber || isTicket,
    () => `${fan} gets the order ${order} for a place with ${known!.order}`,
  );
  addToken(epoch, known!, order);
}

function takePlace(
  witness: Witness,
  epoch: Epoch,
  fan: string,
  earlier: QueueToken | null,
  { order, near }: { readonly order: number; readonly near: number },
): void {
  const { laws, clock, period, graceMs, settings } = witness;
  const nowMs = clock();
  const old = epoch.latest.get(fan);
  laws.check(
    "L3: no second place beside a live one",
    !old || !surelyLives(old, nowMs, { graceMs, waitingTtlMs: settings.waitingTtlMs }),
    () => `${fan}, ${old?.state}, has another place`,
  );
  if (old) {
    endPlace(old, isOver(old, nowMs) ? "ADMISSION_LAPSED" : "UNKNOWN", period.sinceMs, nowMs);
  }
  const { mayJoin, gathers } = allowsNow(epoch, nowMs);
  const oldOrder = orderOfEarlier(witness, fan, earlier);
  laws.check(
    "L7: nobody joins a room that is closed",
    mayJoin || oldOrder !== null,
    () => `${fan} joins in ${stateNow(epoch, nowMs)}`,
  );
  const alsoRight = orderOfEarlier(witness, fan, earlier, epoch.drawBefore);
  checkNewOrder(witness, epoch, { fan, order, oldOrder, alsoRight, gathers });
  const place = newPlace({
    fan,
    createdMs: nowMs,
    draw: gathers ? epoch.rules.draw : null,
    value: gathers ? drawValueOf(epoch.rules.draw!, fan) : 0,
    pseudonym: gathers ? pseudonymOf(epoch.rules.draw!, fan as FanId) : null,
    isRejoined: oldOrder !== null,
    order: gathers ? null : order,
    state: gathers ? "GATHERED" : "WAITING",
  });
  if (!gathers && order <= near) place.due = { atMs: nowMs, lostMs: epoch.lostMs };
  period.created.add(place);
  epoch.places.push(place);
  epoch.latest.set(fan, place);
  addToken(epoch, place, order);
}

function checkNewOrder(
  { laws, clock, settings: { showUpMs } }: Witness,
  epoch: Epoch,
  { fan, order, oldOrder, alsoRight, gathers }: {
    fan: string;
    order: number;
    oldOrder: number | null;
    alsoRight: number | null;
    gathers: boolean;
  },
): void {
  laws.check(
    "a token of an earlier epoch brings its order once, and a stale one nothing",
    oldOrder === null
      ? order < 0 || order > epoch.first
      : order === oldOrder || order === alsoRight,
    () => `${fan} gets ${order}, and the old order is ${oldOrder}`,
  );
  laws.check(
    "fans gather in a lobby, and nobody for a draw that was opened",
    (order < 0) === (gathers && oldOrder === null) || oldOrder !== null,
    () => `${fan} gets the order ${order}`,
  );
  if (oldOrder !== null) {
    epoch.rejoined.add(fan);
    const windowMs = longestPollMs(epoch, clock()) + showUpMs;
    epoch.holdUntilMs = epoch.beganMs + windowMs;
  } else if (order > 0) {
    laws.check(
      "L2: a fresh ticket stands behind all others",
      order > epoch.lastOrder,
      () => `${fan} gets ${ticketOf(order)} after ${ticketOf(epoch.lastOrder)}`,
    );
    epoch.lastOrder = order;
  }
}
