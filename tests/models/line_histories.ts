import { ok } from "node:assert/strict";
import { type FanId, MAIN_ROOM } from "../../src/domain/ids.ts";
import { type PlaceRef, showUpWindowMs, type Standing, ticketOf } from "../../src/domain/queue.ts";
import { type Draw, stateAt } from "../../src/domain/room.ts";
import { type MakeQueue, type Scene, scene, TEST_DRAW } from "../contract/queue_store/harness.ts";
import { queueWitness } from "../contract/queue_store/queue_witness.ts";
import { agree, chosen, type Fate, type Histories } from "./histories.ts";
import { type Change, FANS, type LineHistory, lineHistory, type SentAct } from "./line_acts.ts";
import { lineModel } from "./line_model.ts";

/** Counting the last minute may be coarse, but not coarser than this. */
const CERTAINLY_IN_LAST_MINUTE_MS = 50_000;
const LIST_LIMIT = 1_000;
const PLENTY = 1_000;

function drawNumber(number: number): Draw {
  return { ...TEST_DRAW, id: `draw-${number}`, seed: String(number % 10).repeat(64) };
}

function withoutPace(standing: Standing): object {
  if (standing.state !== "WAITING") return standing;
  const { pace: _, ...rest } = standing;
  return rest;
}

/** Fans, an operator, the model and the witness around one queue. */
function crowd(line: Scene) {
  const { settings } = line;
  const model = lineModel(settings, line.clock);
  const witness = queueWitness(settings, line.clock);
  /** Every token ever made, also those whose fan never got them: ended ones must stay so. */
  const tokens: PlaceRef[] = [];
  /** The token that each fan has. */
  const inHand = new Map<string, PlaceRef>();
  let draws = 1;
  /** Whether the room has opened since it has its draw: the next lobby is to have another. */
  let wasDrawn = false;
  let isForgotten = false;
  let longestAdmissionMs = settings.admissionTtlMs;
  model.applyRules(line.rules);

  function checkAnswer(
    whom: string,
    standing: Standing,
    expected: { readonly state: string },
  ): void {
    const early = standing.state === "ADMITTED" && expected.state !== "ADMITTED";
    const law = early
      ? `${model.lawThatHoldsBack()}: nobody goes in too early`
      : "L2 L4: a fan gets the right standing";
    agree(`${law}: ${whom}`, withoutPace(standing), expected);
  }

  async function join(fan: string, earlier: PlaceRef | null, fate: Fate): Promise<void> {
    const joined = await line.tryJoin(fan, earlier);
    const { place: given = null, standing = null } = joined.refused === undefined ? joined : {};
    const counts = standing?.state === "WAITING" && standing.countStock;
    const expected = model.join(fan as FanId, earlier, given, counts);
    if (joined.refused !== undefined || expected.refused !== undefined) {
      agree(
        "L7: who may join",
        joined.refused === undefined ? joined.place : joined,
        expected.refused === undefined ? expected.place : expected,
      );
      return await look();
    }
    agree("L3 L5: one place per fan, and the same again", {
      created: joined.created,
      place: joined.place,
    }, { created: expected.created, place: expected.place });
    checkAnswer(`${fan} who joins`, joined.standing, expected.standing);
    witness.joined(fan, joined);
    tokens.push(joined.place);
    if (fate !== "LOST") inHand.set(fan, joined.place);
  }

  async function poll(place: PlaceRef): Promise<Standing> {
    const standing = await line.queue.status(place);
    checkAnswer(`${place.fan} with ticket ${place.order}`, standing, model.status(place));
    witness.answered(place, standing);
    await settle([place]);
    return standing;
  }

  async function leave(place: PlaceRef): Promise<void> {
    const standing = await line.queue.leave(place);
    agree("a place that was left is GONE", standing, model.leave(place));
    witness.left(place, standing);
    await settle([place]);
  }

  async function end(places: readonly PlaceRef[]): Promise<void> {
    await line.queue.endPlaces(places);
    model.end(places);
    for (const place of places) witness.ended(place);
    await settle(places);
  }

  /** The store decides whether a call with a token of another epoch does upkeep. */
  async function settle(places: readonly PlaceRef[]): Promise<void> {
    if (places.some(model.isOfAnotherEpoch)) await look();
  }

  async function lookAt(fan: string): Promise<void> {
    const seen = await line.queue.findPlace(MAIN_ROOM, fan as FanId);
    if (!seen) return agree("whom support sees", seen, model.look(fan as FanId));
    const { order, ...rest } = seen;
    agree("whom support sees", rest, model.look(fan as FanId));
    const token = { room: MAIN_ROOM, fan: fan as FanId, order, epoch: seen.epoch };
    agree("support's order is a token's", model.isTokenOfLivePlace(token), true);
  }

  async function promote(release: number): Promise<void> {
    const { lastActiveAtMs, ...upkeep } = await line.promote(release);
    agree("L1 L5 L6 L7: what upkeep has moved", upkeep, model.promote(release));
    agree("activity is of the past", (lastActiveAtMs ?? 0) <= line.clock(), true);
  }

  /** The laws that hold over all state after every act. */
  async function look(): Promise<void> {
    const counted = await line.queue.counts(MAIN_ROOM);
    const expected = model.counts();
    if (!counted || !expected) return agree("no counts without rules", counted, expected);
    const { admittedLastMinute, ...counts } = counted;
    agree("of two rules the higher version counts", counts.rules, expected.rules);
    witness.counted(counted);
    agree(
      counts.admitted > expected.admitted
        ? `${model.lawThatHoldsBack()}: nobody goes in too early`
        : "L5: nobody is lost or doubled",
      counts,
      expected,
    );
    ok(
      admittedLastMinute >= model.admittedSince(CERTAINLY_IN_LAST_MINUTE_MS).least &&
        admittedLastMinute <= model.admittedSince(60_000).most,
      `${admittedLastMinute} were admitted in the last minute`,
    );
    const { admissionsPerMinute } = counts.rules;
    const most = model.mostAdmittedInAnyMinute();
    ok(
      most <= (admissionsPerMinute ?? Infinity),
      `L6: ${most} were admitted in a minute at ${admissionsPerMinute}`,
    );
    const list = await line.queue.listDraw(MAIN_ROOM, 0, LIST_LIMIT);
    const drawn = model.drawn().map(({ pseudonym, order }) => ({
      pseudonym,
      ticket: ticketOf(order),
    }));
    agree("the published list is what was drawn", list, drawn);
  }

  /** What time has done by now is written down with the change, as PostgreSQL does it. */
  async function changeRules({ opensInMs, ...change }: Change): Promise<void> {
    await look();
    const before = stateAt(line.rules, line.clock());
    const state = change.state ?? before;
    wasDrawn ||= before !== "CLOSED" && before !== "LOBBY";
    if (state === "LOBBY" && wasDrawn) {
      draws++;
      wasDrawn = false;
    }
    const opensAtMs = opensInMs === null ? null : line.clock() + opensInMs;
    await line.changeRules({ ...change, state, opensAtMs, draw: drawNumber(draws) });
    model.applyRules(line.rules);
    isForgotten = false;
    longestAdmissionMs = Math.max(longestAdmissionMs, line.rules.admissionTtlMs);
    await look();
  }

  /** Older rules come late, with other values. */
  async function applyOldRules(byVersions: number, capacity: number): Promise<void> {
    if (isForgotten) return;
    const rules = { ...line.rules, version: line.rules.version - byVersions, capacity };
    await line.queue.applyRules(MAIN_ROOM, rules);
    model.applyRules(rules);
    await look();
  }

  async function updateStock(available: number, returnsInMs: number | null, agedMs: number) {
    const asOfMs = line.clock() - agedMs;
    const returnsAtMs = returnsInMs === null ? null : line.clock() + returnsInMs;
    const stock = { available, returnsAtMs, asOfMs };
    await line.queue.updateStock(MAIN_ROOM, stock);
    model.updateStock(stock);
    await look();
  }

  async function forget(andGovern: boolean): Promise<void> {
    await (andGovern ? line.wipe() : line.forget());
    isForgotten = !andGovern;
    model.forget();
    if (andGovern) model.applyRules(line.rules);
    witness.wiped();
  }

  async function send(act: SentAct): Promise<void> {
    switch (act.act) {
      case "join": {
        const fan = chosen(FANS, act.fan)!;
        return await join(fan, act.bringsToken ? inHand.get(fan) ?? null : null, act.fate);
      }
      case "all join": {
        // Backwards: in order nobody would rejoin in front of anybody.
        const from = act.from % FANS.length;
        const fans = [...FANS.slice(from), ...FANS.slice(0, from)].toReversed();
        for (const fan of fans) await join(fan, inHand.get(fan) ?? null, act.fate);
        return;
      }
      case "poll": {
        const place = inHand.get(chosen(FANS, act.fan)!);
        return void (place && await poll(place));
      }
      case "all poll":
        for (const place of inHand.values()) await poll(place);
        return;
      case "poll any token": {
        const place = chosen(tokens, act.token);
        return void (place && await poll(place));
      }
      case "leave": {
        const place = inHand.get(chosen(FANS, act.fan)!);
        return void (place && await leave(place));
      }
      case "end":
        return await end(act.tokens.flatMap((token) => chosen(tokens, token) ?? []));
      case "look":
        return await lookAt(chosen(FANS, act.fan)!);
      case "promote":
        return await promote(act.release);
      case "change rules":
        return await changeRules(act.change);
      case "apply old rules":
        return await applyOldRules(act.byVersions, act.capacity);
      case "update stock":
        return await updateStock(act.available, act.returnsInMs, act.agedMs);
      case "pass":
        return line.clock.advance(act.ms);
      case "pass to an end": {
        const untilMs = chosen(model.nextEndsMs().slice(0, 3), act.end) ?? line.clock();
        return line.clock.advance(Math.max(0, untilMs + act.offsetMs - line.clock()));
      }
      case "wipe":
        return await forget(true);
      case "forget":
        return await forget(false);
    }
  }

  return {
    async play(act: SentAct): Promise<void> {
      if (act.fate === "NEVER") return;
      await send(act);
      if (act.fate === "TWICE") await send(act);
      if (act.looked) await look();
    },

    /** From here on nothing fails, and every fan who is not silent polls in time until admitted. */
    async everybodyGetsThrough(silent: readonly string[], slow: readonly string[]): Promise<void> {
      await changeRules({ state: "OPEN", admissionsPerMinute: null, opensInMs: null });
      // Of two counts of one moment the first is kept.
      line.clock.advance(1);
      await updateStock(PLENTY, null, 0);
      const polling = [...inHand].filter(([fan]) => !silent.includes(fan));
      const through = new Set<string>();
      const waited = new Set<string>();
      const { pollMaxSeconds } = line.rules;
      const windowMs = showUpWindowMs(settings.showUpMs, Math.max(60, pollMaxSeconds));
      // Everybody else keeps a slot for an admission at the longest, and misses two turns.
      const pollMs = pollMaxSeconds * 1000;
      const rounds = FANS.length * Math.ceil((longestAdmissionMs + 2 * windowMs) / pollMs) + 3;
      for (let round = 0; round < rounds && through.size < polling.length; round++) {
        for (const [fan, place] of polling) {
          if (through.has(fan)) continue;
          const { state } = await poll(place);
          if (state === "WAITING") waited.add(fan);
          if (state === "GONE") {
            ok(!waited.has(fan), `L4: ${fan} polled in time and was never admitted`);
            through.add(fan);
          }
          if (state !== "ADMITTED") continue;
          waited.delete(fan);
          if (!slow.includes(fan)) await end([place]);
        }
        await look();
        line.clock.advance(pollMs);
      }
      agree(
        "everybody who polls gets through",
        [...through].sort(),
        polling.map(([fan]) => fan).sort(),
      );
      // Nobody polls any more: the room empties by itself, even if the last answers were lost.
      line.clock.advance(longestAdmissionMs + windowMs);
      for (let turn = 0; turn < 2 * FANS.length; turn++) {
        await look();
        line.clock.advance(Math.max(settings.waitingTtlMs, windowMs));
      }
      const { gathered, waiting, admitted, parked } = await line.counts();
      agree(
        "an absent crowd leaves an empty room",
        { gathered, waiting, admitted, parked },
        { gathered: 0, waiting: 0, admitted: 0, parked: 0 },
      );
    },
  };
}

/** Histories of one queue, over the store that the harness makes. */
export function lineHistories(make: MakeQueue): Histories<LineHistory> {
  return {
    arbitrary: lineHistory,
    async play({ settings, acts, silent, slow }) {
      const harness = await make({ ...settings, draw: drawNumber(1) });
      try {
        const { play, everybodyGetsThrough } = crowd(scene(harness));
        for (const act of acts) await play(act);
        await everybodyGetsThrough(silent, slow);
      } finally {
        await harness.close();
      }
    },
  };
}
