import { MAIN_ROOM } from "../../../src/domain/ids.ts";
import type { EndCause, QueueToken } from "../../../src/domain/queue.ts";
import { ROOM_STATE_POLICIES, type Rules, stateAt } from "../../../src/domain/room.ts";
import { chosen, type Histories } from "../histories.ts";
import {
  type Change,
  FANS,
  isPlayed,
  type LineHistory,
  lineHistory,
  type SentAct,
} from "./acts.ts";
import { everybodyGetsThrough } from "./closing.ts";
import { isSaved, loseActs, save, type Saved } from "./failover.ts";
import { newFan } from "./fans.ts";
import type { Program } from "./isolates.ts";
import type { Laws } from "./laws.ts";
import type { Line, MakeLine } from "./line.ts";
import { createLooks } from "./looks.ts";
import { nextEndsMs } from "./ends.ts";
import { placeOf } from "./epoch.ts";
import { beginOutage, endOutage } from "./outages.ts";
import { createTime } from "./time.ts";
import { countNow, createWorld, drawNumber, join, leave, poll, recount, send } from "./world.ts";

const CAUSES: readonly EndCause[] = ["PAID", "LEFT", "REMOVED"];
const IDLE_MS = 60_000;
const LONGEST_PASS_MS = 400_000;

/** One history on one line. */
async function play(line: Line, history: LineHistory, program: Program, laws: Laws): Promise<void> {
  const world = createWorld(line, history, program, laws);
  const looks = createLooks(world);
  const { hasCron, isCalm } = history;
  const time = createTime(world, { hasCron, isCalm, look: looks.glance });
  const { queue, fans, tokens } = world;
  let draws = 1;
  let crowd = 0;

  await queue.applyRules(MAIN_ROOM, world.rules, countNow(world));
  await looks.look();

  function fanAt(number: number) {
    return fans.get(chosen(FANS, number)!)!;
  }

  async function joins(number: number, brings: boolean, { isolate, fate }: SentAct) {
    const fan = fanAt(number);
    const { epoch } = world.witness;
    const old = tokens.findLast((token) => token.fan === fan.name && token.epoch !== epoch?.id);
    const token = brings ? fan.token ?? old ?? null : null;
    await send(world, fan, isolate, fate, (by) => join(world, fan, by, token, fate === "LOST"));
  }

  /** Fans who join and never call again. */
  async function crowdJoins(size: number, { isolate }: SentAct): Promise<void> {
    for (let i = 0; i < size; i++) {
      const fan = newFan(`ghost-${++crowd}`, "ABSENT");
      fans.set(fan.name, fan);
      await send(world, fan, isolate, "ANSWERED", (by) => join(world, fan, by, null, false));
    }
  }

  async function polls(token: QueueToken | null | undefined, { isolate, fate }: SentAct) {
    if (!token) return;
    const fan = fans.get(token.fan)!;
    await send(world, fan, isolate, fate, (by) => poll(world, fan, by, token, fate === "LOST"));
  }

  /** A token of any age, often of a place that has ended. */
  function anyToken(number: number): QueueToken | undefined {
    const { epoch } = world.witness;
    const ended = tokens.filter((token) => epoch && placeOf(epoch, token)?.state === "OVER");
    return chosen(number % 2 === 0 && ended.length > 0 ? ended : tokens, number >> 1);
  }

  async function leaves(number: number, act: SentAct): Promise<void> {
    const fan = fanAt(number);
    if (!fan.token || act.fate === "NEVER") return;
    if (fan.isAdmitted) return await leave(world, fan);
    const token = fan.token;
    await send(world, fan, act.isolate, act.fate, async ({ service }) => {
      await service.leave(token);
      fan.token = null;
      fan.nextMs = Infinity;
    });
  }

  /** Ends places by tokens of any age. Only admitted fans buy, and they do so by themselves. */
  async function ends(numbers: readonly number[], because: number): Promise<void> {
    const refs = numbers.flatMap((number) => chosen(tokens, number) ?? []);
    const cause = world.seats === null ? chosen(CAUSES, because)! : "REMOVED";
    if (refs.length > 0) await queue.endPlaces(refs, cause);
  }

  /** PostgreSQL writes down what time has done; it names another draw when one was opened. */
  async function changeRules(change: Change): Promise<void> {
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
  }

  async function applyOldRules(byVersions: number): Promise<void> {
    const version = world.rules.version - byVersions;
    const rules: Rules = byVersions === 0
      ? world.rules
      : { ...world.rules, version, capacity: world.rules.capacity + 1 };
    if (world.witness.epoch) await queue.applyRules(MAIN_ROOM, rules, countNow(world));
  }

  /** The store forgets everything; or the room was deleted and another one has its name. */
  async function wipe(rules: "SAME" | "REMADE" | "NONE"): Promise<void> {
    await line.forget();
    world.witness.epoch = null;
    looks.restart();
    if (rules === "REMADE") world.rules = { ...world.rules, madeAtMs: line.clock() };
    if (rules !== "NONE") await queue.applyRules(MAIN_ROOM, world.rules, countNow(world));
  }

  /** The line is told at once of seats that are blocked. */
  async function changeSeats(seats: number): Promise<void> {
    if (world.seats === null) return;
    const isBlocked = seats < world.seats;
    world.seats = seats;
    if (!isBlocked) return recount(world);
    // Of two counts of one moment the first is kept.
    line.clock.advance(1);
    await queue.updateStock(MAIN_ROOM, countNow(world)!);
    // The act may have called fans by the count before it stored this one.
    world.witness.period.isLimited = false;
  }

  async function act(sent: SentAct, saved: Saved | undefined): Promise<void> {
    switch (sent.act) {
      case "join":
        return await joins(sent.fan, sent.bringsToken, sent);
      case "all join":
        for (const [i] of FANS.entries()) await joins(sent.from + FANS.length - i, true, sent);
        return;
      case "crowd":
        return await crowdJoins(sent.fans, sent);
      case "poll":
        return await polls(fanAt(sent.fan).token, sent);
      case "poll any token":
        return await polls(anyToken(sent.token), sent);
      case "leave":
        return await leaves(sent.fan, sent);
      case "end":
        return await ends(sent.tokens, sent.because);
      case "mood": {
        const fan = fanAt(sent.fan);
        fan.mood = sent.mood;
        fan.nextMs = fan.mood === "ABSENT" ? Infinity : Math.min(fan.nextMs, line.clock() + 1_000);
        return;
      }
      case "promote": {
        const options = { release: sent.release, ...(sent.idles ? { idleAfterMs: IDLE_MS } : {}) };
        return void await queue.promote(MAIN_ROOM, options);
      }
      case "change rules":
        return await changeRules(sent.change);
      case "apply old rules":
        return await applyOldRules(sent.byVersions);
      case "count":
        return recount(world, sent.takesMs);
      case "seats":
        return await changeSeats(sent.seats);
      case "pass":
        return await time.pass(sent.ms);
      case "pass to an end": {
        const untilMs = chosen(nextEndsMs(world.witness), sent.end) ?? line.clock();
        const ms = untilMs + sent.offsetMs - line.clock();
        return await time.pass(Math.max(0, Math.min(ms, LONGEST_PASS_MS)));
      }
      case "outage":
        return await outage(sent.ms);
      case "wipe":
        return await wipe(sent.rules);
      case "failover":
        return await loseActs(world, looks, saved!);
    }
  }

  /** The store does not answer; longer outages than this share are not counted as such. */
  async function outage(ms: number): Promise<void> {
    const lengthMs = Math.min(ms, history.settings.waitingTtlMs / 4);
    const beganMs = line.clock();
    beginOutage(world);
    await time.pass(lengthMs);
    endOutage(world, beganMs);
  }

  const acts = history.acts.filter((sent) => isPlayed(sent, isCalm));
  const saves = new Map<number, Saved>();
  for (const [i, sent] of acts.entries()) {
    if (isSaved(acts, i)) saves.set(i, await save(world));
    const lost = sent.act === "failover" ? saves.get(Math.max(0, i - sent.losesActs)) : undefined;
    await act(sent, lost);
    if (sent.looked) await looks.look();
  }
  await everybodyGetsThrough(world, looks, time);
}

/** Histories of one line, over the store that `make` makes and the program that serves it. */
export function lineHistories(
  make: MakeLine,
  program: Program,
  laws: Laws,
): Histories<LineHistory> {
  return {
    arbitrary: lineHistory,
    async play(history) {
      const line = await make(history.settings, history.seed);
      try {
        await play(line, history, program, laws);
      } finally {
        await line.close();
      }
    },
  };
}
