import { MAIN_ROOM } from "../../../src/domain/ids.ts";
import type { Histories } from "../histories.ts";
import { type Acts, isPlayed, type LineHistory, lineHistory, type SentAct } from "./acts.ts";
import { everybodyGetsThrough } from "./closing.ts";
import { isSaved, loseActs, save, type Saved } from "./failover.ts";
import { fanActs } from "./fan_acts.ts";
import type { Program } from "./isolates.ts";
import type { Laws } from "./laws.ts";
import type { Line, MakeLine } from "./line.ts";
import { createLooks } from "./looks.ts";
import { roomActs } from "./room_acts.ts";
import { createTime } from "./time.ts";
import { countNow, createWorld } from "./world.ts";

/** One history on one line. */
async function play(line: Line, history: LineHistory, program: Program, laws: Laws): Promise<void> {
  const world = createWorld(line, history, program, laws);
  const looks = createLooks({
    room: MAIN_ROOM,
    witness: world.witness,
    queue: world.queue,
    seats: () => world.seats,
  });
  const { hasCron, isCalm } = history;
  const time = createTime(world, { hasCron, isCalm, look: looks.glance });
  const played = history.acts.filter((sent) => isPlayed(sent, isCalm));
  const saves = new Map<number, Saved>();
  let index = 0;
  const acts: Acts = {
    ...fanActs(world),
    ...roomActs(world, looks, time),
    failover: ({ losesActs }) => loseActs(world, looks, saves.get(Math.max(0, index - losesActs))!),
  };

  await world.queue.applyRules(MAIN_ROOM, world.rules, countNow(world));
  await looks.look();
  for (; index < played.length; index++) {
    if (isSaved(played, index)) saves.set(index, await save(world));
    await act(acts, played[index]!);
    if (played[index]!.looked) await looks.look();
  }
  await everybodyGetsThrough(world, looks, time);
}

function act<Sent extends SentAct>(acts: Acts, sent: Sent): Promise<void> {
  return (acts[sent.act] as (sent: Sent) => Promise<void>)(sent);
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
