import { MAIN_ROOM } from "../../../src/domain/ids.ts";
import { ROOM_STATE_POLICIES, type Rules, stateAt } from "../../../src/domain/room.ts";
import { chosen } from "../histories.ts";
import type { Acts } from "./acts.ts";
import { nextEndsMs } from "./ends.ts";
import type { Looks } from "./looks.ts";
import { beginOutage, endOutage } from "./outages.ts";
import type { Time } from "./time.ts";
import { countNow, drawNumber, recount, type World } from "./world.ts";

const IDLE_MS = 60_000;
const LONGEST_PASS_MS = 400_000;

type RoomActs = Pick<
  Acts,
  | "promote"
  | "change rules"
  | "apply old rules"
  | "count"
  | "seats"
  | "pass"
  | "pass to an end"
  | "outage"
  | "wipe"
>;

/** What operators do, and what becomes of the store. */
export function roomActs(world: World, looks: Looks, time: Time): RoomActs {
  const { line, queue, witness } = world;
  return {
    async promote({ release, idles }) {
      await queue.promote(MAIN_ROOM, { release, ...(idles ? { idleAfterMs: IDLE_MS } : {}) });
    },
    "change rules": createRuleChanges(world, looks, time),
    async "apply old rules"({ byVersions }) {
      const version = world.rules.version - byVersions;
      const rules: Rules = byVersions === 0
        ? world.rules
        : { ...world.rules, version, capacity: world.rules.capacity + 1 };
      if (witness.epoch) await queue.applyRules(MAIN_ROOM, rules, countNow(world));
    },
    async count({ takesMs }) {
      recount(world, takesMs);
    },
    /** The line is told at once of seats that are blocked. */
    async seats({ seats }) {
      if (world.seats === null) return;
      const isBlocked = seats < world.seats;
      world.seats = seats;
      if (!isBlocked) return recount(world);
      // Of two counts of one moment the first is kept.
      line.clock.advance(1);
      await queue.updateStock(MAIN_ROOM, countNow(world)!);
      // The act may have called fans by the count before it stored this one.
      witness.period.isLimited = false;
    },
    pass: ({ ms }) => time.pass(ms),
    async "pass to an end"({ end, offsetMs }) {
      const untilMs = chosen(nextEndsMs(witness), end) ?? line.clock();
      const ms = untilMs + offsetMs - line.clock();
      await time.pass(Math.max(0, Math.min(ms, LONGEST_PASS_MS)));
    },
    /** The store does not answer; longer outages than this share are not counted as such. */
    async outage({ ms }) {
      const beganMs = line.clock();
      beginOutage(world);
      await time.pass(Math.min(ms, line.settings.waitingTtlMs / 4));
      endOutage(world, beganMs);
    },
    /** The store forgets everything; or the room was deleted and another one has its name. */
    async wipe({ rules }) {
      await line.forget();
      witness.epoch = null;
      looks.restart();
      if (rules === "REMADE") world.rules = { ...world.rules, madeAtMs: line.clock() };
      if (rules !== "NONE") await queue.applyRules(MAIN_ROOM, world.rules, countNow(world));
    },
  };
}

/** PostgreSQL writes down what time has done; it names another draw when one was opened. */
function createRuleChanges(world: World, looks: Looks, time: Time): Acts["change rules"] {
  const { line, queue } = world;
  let draws = 1;
  return async ({ change }) => {
    const { opensInMs, keepsDraw, bringsStock, atOpening, reaches, ...settings } = change;
    const old = world.rules;
    const untilMs = (old.opensAtMs ?? 0) - line.clock();
    if (atOpening && untilMs > 0 && untilMs < LONGEST_PASS_MS) {
      await time.pass(untilMs - 1);
      line.clock.advance(1);
    }
    const nowMs = line.clock();
    const before = stateAt(old, nowMs);
    const state = settings.state ?? before;
    const wasOpened = !ROOM_STATE_POLICIES[before].gathers && before !== "CLOSED";
    if (ROOM_STATE_POLICIES[state].gathers && wasOpened && !keepsDraw) draws++;
    const opensAtMs = opensInMs === null ? null : nowMs + opensInMs;
    const draw = drawNumber(draws);
    world.rules = { ...old, ...settings, state, opensAtMs, draw, version: old.version + 1 };
    if (!reaches) return;
    await queue.applyRules(MAIN_ROOM, world.rules, bringsStock ? countNow(world) : null);
    await looks.look();
  };
}
