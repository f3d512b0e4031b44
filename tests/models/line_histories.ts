import { ok } from "node:assert/strict";
import type { PlaceRef, Standing } from "../../src/domain/line.ts";
import { type MakeQueue, type Scene, scene } from "../contract/queue_store/harness.ts";
import { lineWitness } from "../contract/queue_store/line_witness.ts";
import { agree, chosen, type Fate, type Histories } from "./histories.ts";
import { FANS, type LineHistory, lineHistory, type SentAct } from "./line_acts.ts";
import { lineModel } from "./line_model.ts";

/** Counting the last minute may be coarse, but not coarser than this. */
const SURELY_IN_LAST_MINUTE_MS = 50_000;

function withoutPace(standing: Standing): object {
  if (standing.state !== "WAITING") return standing;
  const { pace: _, ...rest } = standing;
  return rest;
}

function told(whom: string, standing: Standing, expected: { readonly state: string }): void {
  const early = standing.state === "ADMITTED" && expected.state === "WAITING";
  const law = early ? "L1 L2: nobody goes in too early" : "L2 L4: a fan is told where they stand";
  agree(`${law}: ${whom}`, withoutPace(standing), expected);
}

/** Fans, the model and the witness around one queue. */
function crowd(line: Scene) {
  const model = lineModel(line.settings, line.clock);
  const witness = lineWitness(line.settings, line.clock);
  /** Every token ever made, also those whose fan never got them: ended ones must stay so. */
  const tokens: PlaceRef[] = [];
  /** The token that each fan has. */
  const inHand = new Map<string, PlaceRef>();

  async function join(fan: string, earlier: PlaceRef | null, fate: Fate): Promise<void> {
    const joined = await line.join(fan, earlier);
    const expected = model.join(joined.place.fan, earlier, joined.place);
    agree("L3 L5: one place per fan, and the same again", {
      created: joined.created,
      place: joined.place,
    }, { created: expected.created, place: expected.place });
    told(`${fan} who joins`, joined.standing, expected.standing);
    witness.joined(fan, joined);
    tokens.push(joined.place);
    if (fate !== "LOST") inHand.set(fan, joined.place);
  }

  async function poll(place: PlaceRef): Promise<Standing> {
    const standing = await line.queue.status(place);
    told(`${place.fan} with ticket ${place.order}`, standing, model.status(place));
    witness.told(place, standing);
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
    await line.queue.end(places);
    model.end(places);
    for (const place of places) witness.ended(place);
    await settle(places);
  }

  /** Whether a call with a token of another epoch does upkeep is the store's affair. */
  async function settle(places: readonly PlaceRef[]): Promise<void> {
    if (places.some(model.isOfAnotherEpoch)) await look();
  }

  async function promote(): Promise<void> {
    const { lastActiveAtMs, ...upkeep } = await line.promote();
    agree("L1 L5: what upkeep has moved", upkeep, model.promote());
    agree("activity is of the past", (lastActiveAtMs ?? 0) <= line.clock(), true);
  }

  /** The laws that hold over all state after every act. */
  async function look(): Promise<void> {
    const { admittedLastMinute, ...counts } = await line.counts();
    ok(counts.admitted <= line.settings.capacity, `L1: ${counts.admitted} are admitted`);
    agree("L5: nobody is lost or doubled", counts, model.counts());
    ok(
      counts.waiting === 0 || counts.admitted === line.settings.capacity,
      "every slot is used while anybody waits",
    );
    witness.counted({ ...counts, admittedLastMinute });
    ok(
      admittedLastMinute >= model.admittedSince(SURELY_IN_LAST_MINUTE_MS).least &&
        admittedLastMinute <= model.admittedSince(60_000).most,
      `${admittedLastMinute} were admitted in the last minute`,
    );
  }

  async function send(act: SentAct): Promise<void> {
    switch (act.act) {
      case "join": {
        const fan = chosen(FANS, act.fan)!;
        return await join(fan, act.bringsToken ? inHand.get(fan) ?? null : null, act.fate);
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
      case "promote":
        return await promote();
      case "pass":
        return line.clock.advance(act.ms);
      case "pass to an end": {
        const untilMs = model.nextEndMs() ?? line.clock();
        return line.clock.advance(Math.max(0, untilMs + act.offsetMs - line.clock()));
      }
      case "wipe":
        await line.wipe();
        model.wipe();
        return witness.wiped();
    }
  }

  return {
    async play(act: SentAct): Promise<void> {
      if (act.fate === "NEVER") return;
      await send(act);
      if (act.fate === "TWICE") await send(act);
      if (act.looked) await look();
    },

    /** From here on nothing fails, and whoever is not silent polls as told until they are through. */
    async everybodyGetsThrough(silent: readonly string[], slow: readonly string[]): Promise<void> {
      const polling = [...inHand].filter(([fan]) => !silent.includes(fan));
      const through = new Set<string>();
      const waited = new Set<string>();
      const { settings: { pollMaxSeconds, admissionTtlMs }, windowMs } = line;
      // Everybody else keeps a slot for an admission at the longest, and misses two turns.
      const pollMs = pollMaxSeconds * 1000;
      const rounds = FANS.length * Math.ceil((admissionTtlMs + 2 * windowMs) / pollMs) + 3;
      for (let round = 0; round < rounds && through.size < polling.length; round++) {
        for (const [fan, place] of polling) {
          if (through.has(fan)) continue;
          const { state } = await poll(place);
          if (state === "WAITING") waited.add(fan);
          if (state === "GONE") {
            ok(!waited.has(fan), `L4: ${fan} polled as told and never got in`);
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
      // Nobody polls any more: the room empties by itself, whatever became of the last answers.
      line.clock.advance(line.settings.admissionTtlMs + windowMs);
      for (let turn = 0; turn < 2 * FANS.length; turn++) {
        await look();
        line.clock.advance(Math.max(line.settings.waitingTtlMs, windowMs));
      }
      const { waiting, admitted, parked } = await line.counts();
      agree("an absent crowd leaves an empty room", { waiting, admitted, parked }, {
        waiting: 0,
        admitted: 0,
        parked: 0,
      });
    },
  };
}

/** Histories of one line, over whatever store the harness makes. */
export function lineHistories(make: MakeQueue): Histories<LineHistory> {
  return {
    arbitrary: lineHistory,
    async play({ settings, acts, silent, slow }) {
      const harness = await make(settings);
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
