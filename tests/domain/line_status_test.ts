import { deepEqual, equal } from "node:assert/strict";
import { lineStatus, waitReason } from "../../src/domain/line_status.ts";
import type { Standing, StockOutlook } from "../../src/domain/queue.ts";
import { ROOM_STATES, type RoomState } from "../../src/domain/room.ts";
import { estimateWait } from "../../src/domain/wait.ts";
import { AT_MS, FIRST, RULES, tokenOfFan, UNMEASURED } from "../support/fronts.ts";

const CONTEXT = { nowMs: AT_MS, waitingTtlMs: 21_600_000, random: 0 };
const TOKEN = tokenOfFan({ order: FIRST + 7 });
const FROM_LOBBY = tokenOfFan({ order: -(FIRST + 3), pseudonym: "name" });
const OPENS_AT_MS = AT_MS + 3_600_000;

function waiting(members: Partial<Standing & { state: "WAITING" }> = {}): Standing {
  return {
    state: "WAITING",
    order: TOKEN.order,
    ahead: 2_500,
    positionIs: "AT_MOST",
    isNear: false,
    pollAfterSeconds: 9,
    expiresAtMs: AT_MS + 5,
    provenAtMs: AT_MS,
    speed: UNMEASURED,
    rules: RULES,
    seats: "SOME",
    countStock: false,
    ...members,
  };
}
const statusOf = (standing: Standing, token = TOKEN) => lineStatus(token, standing, CONTEXT);

Deno.test("`waitReason()` says why nobody is let in: the room first, then the stock, then a hold", () => {
  const reasons = (seats: StockOutlook) =>
    Object.fromEntries(
      ROOM_STATES.map((state) => [state, waitReason({ ...RULES, state }, seats)]),
    );
  deepEqual(reasons("SOME"), {
    CLOSED: "CLOSED",
    LOBBY: "LOBBY",
    OPEN: null,
    HELD: "HELD",
    DRAINING: null,
  });
  for (const seats of ["HELD", "NONE"] as const) {
    deepEqual(reasons(seats), {
      CLOSED: "CLOSED",
      LOBBY: "LOBBY",
      OPEN: "SOLD_OUT",
      HELD: "SOLD_OUT",
      DRAINING: "SOLD_OUT",
    });
  }
});

Deno.test("`lineStatus()` of a waiting fan has the ticket's number, the position and the wait", () => {
  deepEqual(statusOf(waiting()), {
    state: "WAITING",
    ticket: 7,
    ahead: 2_500,
    positionIs: "AT_MOST",
    wait: estimateWait(2_500, UNMEASURED, RULES, "SOME"),
    pollAfterSeconds: 9,
    expiresAtMs: AT_MS + 5,
    reason: null,
    opensAtMs: null,
    seatsMayReturn: false,
    newToken: null,
  });
});

Deno.test("`lineStatus()` says neither a ticket before the draw, nor a wait without a position", () => {
  const found = statusOf(waiting({ order: null, ahead: null, positionIs: null }), FROM_LOBBY);
  deepEqual(
    found.state === "WAITING" && [found.ticket, found.ahead, found.positionIs, found.wait],
    [null, null, null, null],
  );
});

Deno.test("`lineStatus()` says whether seats may return, where they are held and not sold", () => {
  const mayReturn = (seats: StockOutlook) => {
    const found = statusOf(waiting({ seats }));
    return found.state === "WAITING" && found.seatsMayReturn;
  };
  deepEqual([mayReturn("SOME"), mayReturn("HELD"), mayReturn("NONE")], [false, true, false]);
});

Deno.test("`lineStatus()` has the opening while the room opens by itself, waiting and gathered", () => {
  const opening = (state: RoomState) => {
    const rules = { ...RULES, state, opensAtMs: OPENS_AT_MS };
    const places = [statusOf(waiting({ rules })), statusOf(gathered(state), FROM_LOBBY)];
    return places.map((found) => "opensAtMs" in found && found.opensAtMs);
  };
  deepEqual(opening("CLOSED"), [OPENS_AT_MS, OPENS_AT_MS]);
  deepEqual(opening("LOBBY"), [OPENS_AT_MS, OPENS_AT_MS]);
  for (const state of ["OPEN", "HELD", "DRAINING"] as const) {
    deepEqual(opening(state), [null, null]);
  }
});

function gathered(state: RoomState): Standing {
  const rules = { ...RULES, state, opensAtMs: OPENS_AT_MS };
  return { state: "GATHERED", pseudonym: "name", rules, provenAtMs: AT_MS, takenAtMs: AT_MS };
}

Deno.test("`lineStatus()` of a gathered fan has the pseudonym, and CLOSED as reason in a closed room", () => {
  deepEqual(statusOf(gathered("LOBBY"), FROM_LOBBY), {
    state: "GATHERED",
    pseudonym: "name",
    pollAfterSeconds: 50,
    reason: "LOBBY",
    opensAtMs: OPENS_AT_MS,
    newToken: null,
  });
  const closed = statusOf(gathered("CLOSED"), FROM_LOBBY);
  equal(closed.state === "GATHERED" && closed.reason, "CLOSED");
});

Deno.test("`lineStatus()` of an admitted fan has the end, and a token that no document answers", () => {
  const standing: Standing = {
    state: "ADMITTED",
    order: TOKEN.order,
    expiresAtMs: AT_MS + 9,
    rules: RULES,
    provenAtMs: AT_MS,
  };
  deepEqual(statusOf(standing), {
    state: "ADMITTED",
    ticket: 7,
    expiresAtMs: AT_MS + 9,
    newToken: { ...TOKEN, isNear: true },
  });
});

Deno.test("`lineStatus()` of a place that ended has its ticket, and none from before the draw", () => {
  const gone: Standing = { state: "GONE", reason: "ENDED", endedBecause: "LEFT" };
  deepEqual(statusOf(gone), { ...gone, ticket: 7 });
  deepEqual(statusOf(gone, FROM_LOBBY), { ...gone, ticket: null });
});
