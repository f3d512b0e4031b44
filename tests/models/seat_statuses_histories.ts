import fc from "fast-check";
import type { Outage } from "./cache_model.ts";
import { actsOf, choice, chosen, type Histories } from "./histories.ts";
import {
  ISOLATES,
  type SeatStatusesParts,
  type SeatStatusesWorld,
  seatStatusesWorld,
} from "./seat_statuses_world.ts";

export type Act =
  | { readonly act: "ask"; readonly isolate: number; readonly many: number }
  | { readonly act: "commit" }
  | { readonly act: "take"; readonly load: number }
  | { readonly act: "end"; readonly load: number; readonly as: "VALUE" | "FAILURE" | "CUT OFF" }
  | { readonly act: "pace"; readonly ms: number | null }
  | { readonly act: "break down"; readonly as: Outage | null }
  | { readonly act: "pass"; readonly ms: number };

function made(act: Record<string, fc.Arbitrary<unknown>>) {
  return fc.record(act) as unknown as fc.Arbitrary<Act>;
}
const is = <Name extends Act["act"]>(name: Name) => fc.constant(name);

export const seatStatusesHistory = fc.record({
  acts: actsOf<Act>(
    [
      10,
      made({
        act: is("ask"),
        isolate: fc.nat({ max: ISOLATES - 1 }),
        many: fc.integer({ min: 1, max: 3 }),
      }),
    ],
    [5, made({ act: is("commit") })],
    [4, made({ act: is("take"), load: choice })],
    [
      6,
      made({
        act: is("end"),
        load: choice,
        as: fc.constantFrom("VALUE", "VALUE", "VALUE", "VALUE", "FAILURE", "CUT OFF"),
      }),
    ],
    [2, made({ act: is("pace"), ms: fc.constantFrom(null, null, 20, 300, 999, 1_000, 2_500) })],
    [
      2,
      made({
        act: is("break down"),
        as: fc.constantFrom<Outage | null>("DEAF", "MUTE", null, null),
      }),
    ],
    [
      9,
      made({
        act: is("pass"),
        ms: fc.oneof(
          fc.constantFrom(1, 25, 200, 500, 999, 1_000, 1_001, 2_000, 6_000),
          fc.nat({ max: 1_100 }),
        ),
      }),
    ],
  ),
});

export type SeatStatusesHistory = { readonly acts: readonly Act[] };

async function play(world: SeatStatusesWorld, act: Act): Promise<void> {
  const running = world.loads.filter(({ state }) => state === "RUNNING");
  switch (act.act) {
    case "ask":
      for (let one = 0; one < act.many; one++) world.ask(act.isolate);
      return;
    case "commit":
      return world.commit();
    case "take": {
      const load = chosen(running, act.load);
      return load && world.take(load);
    }
    case "end": {
      const load = chosen(running, act.load);
      return load && world.end(load, act.as);
    }
    case "pace":
      return world.setPace(act.ms);
    case "break down":
      return world.breakDown(act.as);
    case "pass":
      return await world.advance(act.ms);
  }
}

/** From here on nothing fails: everybody has an answer, and everybody sees the last change. */
async function everybodySees(world: SeatStatusesWorld): Promise<void> {
  world.breakDown(null);
  world.setPace(5);
  for (const load of world.loads) if (load.state === "RUNNING") world.end(load, "VALUE");
  await world.settled();
  await world.advance(20_000);
  world.assertNoFault();
  for (let second = 0; second < 3; second++) {
    world.commit();
    await world.advance(1_000);
    for (let isolate = 0; isolate < ISOLATES; isolate++) {
      world.ask(isolate);
      world.ask(isolate);
    }
    await world.advance(300);
    world.assertNoFault();
  }
  world.assertAllAnswered();
}

export interface PlayedSeatStatuses {
  /** Answers to those who asked a second after a change, or less than a second later. */
  readonly proven: number;
}

export function seatStatusesHistories(
  parts: SeatStatusesParts,
  onPlayed: (played: PlayedSeatStatuses) => void = () => {},
): Histories<SeatStatusesHistory> {
  return {
    arbitrary: seatStatusesHistory,
    async play({ acts }) {
      const world = await seatStatusesWorld(parts);
      try {
        for (const act of acts) {
          await play(world, act);
          await world.settled();
          world.assertNoFault();
        }
        await everybodySees(world);
        onPlayed({ proven: world.proven() });
      } finally {
        await world.close();
      }
    },
  };
}
