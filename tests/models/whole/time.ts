import { type Fate, FATES } from "./fates.ts";
import { moves } from "./moves.ts";
import type { World } from "./world.ts";

export const CRON_MS = 60_000;
/** More events than any history needs. */
const MAX_EVENTS = 20_000;
/** A request that comes with time has so many calls at most that may be disturbed. */
const DISTURBED_CALLS = 6;

export interface Time {
  /** Time passes. Fans and the cron act at their times, and `look` follows each of them. */
  pass(ms: number): Promise<void>;
}

export function createTime(world: World, look: () => Promise<void>): Time {
  const { clock, random, fans, scheduler, isolates } = world;
  let cronAtMs = clock() + CRON_MS;
  let events = 0;

  /** Nothing fails once the noise is over. */
  function fatesNow(): readonly Fate[] {
    const { noise } = world;
    if (noise === 0) return [];
    return Array.from(
      { length: DISTURBED_CALLS },
      () => random() < noise ? FATES[Math.floor(random() * FATES.length)]! : "ANSWERED",
    );
  }

  const how = () => ({ isolate: Math.floor(random() * isolates.length), fates: fatesNow() });

  async function next(untilMs: number): Promise<boolean> {
    const fan = fans.reduce((first, fan) => fan.nextMs < first.nextMs ? fan : first);
    const atMs = Math.min(fan.nextMs, cronAtMs);
    if (atMs > untilMs) return false;
    if (++events > MAX_EVENTS) throw new Error("the history does not end");
    await scheduler.pass(Math.max(0, atMs - clock()));
    if (atMs === cronAtMs) {
      cronAtMs = clock() + CRON_MS;
      if (clock() >= world.cronStopsUntilMs) runsCron(world, how());
    } else {
      fan.nextMs = Infinity;
      await moves(world, fan, Math.floor(random() * 10_000), how());
    }
    const overlaps = world.history.overlaps && world.noise > 0 && random() < 0.5;
    if (!overlaps) await scheduler.drain();
    else await scheduler.step(Math.floor(random() * 30));
    await look();
    return true;
  }

  return {
    async pass(ms) {
      const untilMs = clock() + ms;
      while (await next(untilMs));
      await scheduler.pass(Math.max(0, untilMs - clock()));
    },
  };
}

export function runsCron(world: World, how: Parameters<World["run"]>[1]) {
  return world.run("the cron runs", how, ({ services }) => services.maintenance.run());
}
