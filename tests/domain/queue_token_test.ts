import { deepEqual, equal } from "node:assert/strict";
import type { QueueToken, Standing } from "../../src/domain/queue.ts";
import { renewedToken, tokenOf } from "../../src/domain/queue_token.ts";
import { AT_MS, EPOCH, FIRST, RULES, tokenOfFan, UNMEASURED } from "../support/fronts.ts";

const ORDER = FIRST + 7;
const GATHERED_ORDER = -(FIRST + 3);
const QUARTER_MS = 5_400_000;
const NOW_MS = AT_MS + 100;
const CONTEXT = { nowMs: NOW_MS, waitingTtlMs: 4 * QUARTER_MS };

function waiting(members: Partial<Standing & { state: "WAITING" }> = {}): Standing {
  return {
    state: "WAITING",
    order: ORDER,
    ahead: 5,
    positionIs: "AT_MOST",
    isNear: false,
    pollAfterSeconds: 2,
    expiresAtMs: NOW_MS,
    provenAtMs: AT_MS,
    speed: UNMEASURED,
    rules: RULES,
    seats: "SOME",
    countStock: false,
    ...members,
  };
}
const GATHERED: Standing = {
  state: "GATHERED",
  pseudonym: "name",
  rules: RULES,
  provenAtMs: AT_MS,
  takenAtMs: AT_MS,
};
const ADMITTED: Standing = {
  state: "ADMITTED",
  order: ORDER,
  expiresAtMs: NOW_MS,
  rules: RULES,
  provenAtMs: AT_MS,
};
const GONE: Standing = { state: "GONE", reason: "ENDED", endedBecause: null };

const FAR = tokenOfFan({ order: ORDER });
const NEAR: QueueToken = { ...FAR, isNear: true };
const DRAWN: QueueToken = { ...FAR, isDrawn: true };
const FROM_LOBBY: QueueToken = { ...FAR, order: GATHERED_ORDER, pseudonym: "name" };

Deno.test("`tokenOf()` has the order of the ticket, the proof and the pseudonym of a lobby", () => {
  const { room, fan } = FAR;
  const place = { room, fan, epoch: EPOCH, order: ORDER };
  const gathered = { ...place, order: GATHERED_ORDER };
  deepEqual(tokenOf(place, waiting(), NOW_MS), FAR);
  deepEqual(tokenOf(place, waiting({ isNear: true }), NOW_MS), NEAR);
  deepEqual(tokenOf(gathered, GATHERED, NOW_MS), FROM_LOBBY);
  deepEqual(tokenOf(gathered, waiting(), NOW_MS), DRAWN);
  deepEqual(tokenOf(gathered, waiting({ order: null }), NOW_MS), {
    ...FROM_LOBBY,
    pseudonym: null,
  });
});

Deno.test("`tokenOf()` of an admitted place is near: no document answers it", () => {
  deepEqual(tokenOf({ ...FAR, order: GATHERED_ORDER }, ADMITTED, NOW_MS), {
    ...DRAWN,
    isNear: true,
  });
});

Deno.test("`tokenOf()` has the time of the store, however wrong the clock of the isolate is", () => {
  const standings = [waiting(), waiting({ isNear: true }), GATHERED, ADMITTED];
  for (const standing of standings) {
    equal(tokenOf(FAR, standing, NOW_MS + 2_000).madeAtMs, AT_MS, standing.state);
  }
});

Deno.test("`renewedToken()` is null when nothing is news", () => {
  equal(renewedToken(FAR, waiting(), CONTEXT), null);
  equal(renewedToken(NEAR, waiting({ isNear: true }), CONTEXT), null);
  equal(renewedToken(NEAR, ADMITTED, CONTEXT), null);
  equal(renewedToken(FROM_LOBBY, GATHERED, CONTEXT), null);
  equal(renewedToken(FROM_LOBBY, waiting({ order: null }), CONTEXT), null);
  equal(renewedToken(FAR, GONE, CONTEXT), null);
});

Deno.test("`renewedToken()` says that a place is near, for the first time", () => {
  deepEqual(renewedToken(FAR, waiting({ isNear: true }), CONTEXT), NEAR);
  deepEqual(renewedToken(FAR, ADMITTED, CONTEXT), NEAR);
});

Deno.test("`renewedToken()` has the ticket in place of the gathering", () => {
  deepEqual(renewedToken(FROM_LOBBY, waiting(), CONTEXT), DRAWN);
  deepEqual(renewedToken(DRAWN, ADMITTED, CONTEXT), { ...DRAWN, isNear: true });
});

Deno.test("`renewedToken()` has a newer proof, and keeps the pseudonym until there is a ticket", () => {
  const provenAtMs = AT_MS + 1;
  deepEqual(renewedToken(FAR, waiting({ provenAtMs }), CONTEXT), { ...FAR, madeAtMs: provenAtMs });
  deepEqual(renewedToken(FROM_LOBBY, { ...GATHERED, provenAtMs }, CONTEXT), {
    ...FROM_LOBBY,
    madeAtMs: provenAtMs,
  });
  const undrawn = waiting({ order: null, provenAtMs });
  deepEqual(renewedToken(FROM_LOBBY, undrawn, CONTEXT), { ...FROM_LOBBY, madeAtMs: provenAtMs });
});

Deno.test("`renewedToken()` has the pseudonym that a token of a lobby lacks", () => {
  deepEqual(renewedToken({ ...FROM_LOBBY, pseudonym: null }, GATHERED, CONTEXT), FROM_LOBBY);
});

Deno.test("`renewedToken()` of a near place is made once in a quarter of the waiting TTL", () => {
  const at = (ms: number) => waiting({ isNear: true, provenAtMs: AT_MS + ms });
  equal(renewedToken(NEAR, at(QUARTER_MS - 1), CONTEXT), null);
  deepEqual(renewedToken(NEAR, at(QUARTER_MS), CONTEXT), { ...NEAR, madeAtMs: AT_MS + QUARTER_MS });
});

Deno.test("`renewedToken()` never makes a near token far", () => {
  const provenAtMs = AT_MS + QUARTER_MS;
  equal(renewedToken(NEAR, waiting({ provenAtMs }), CONTEXT)?.isNear, true);
});
