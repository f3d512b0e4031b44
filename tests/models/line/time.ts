import { MAIN_ROOM } from "../../../src/domain/ids.ts";
import type { Fate } from "./acts.ts";
import type { Fan } from "./fans.ts";
import { leave } from "./leaving.ts";
import { join, poll, send, type World } from "./world.ts";

const CRON_MS = 60_000;
/** More events than any history needs. */
const MAX_EVENTS = 20_000;

export interface Time {
  /** Time passes, and fans, cron and counts act at their times. `look` follows each of them. */
  pass(ms: number): Promise<void>;
}

interface Event {
  readonly atMs: number;
  readonly act: () => Promise<void>;
}

export function createTime(
  world: World,
  { hasCron, isCalm, look }: {
    readonly hasCron: boolean;
    readonly isCalm: boolean;
    readonly look: () => Promise<unknown>;
  },
): Time {
  const { line, random, fans, queue, wire } = world;
  let cronAtMs = hasCron ? line.clock() + CRON_MS : Infinity;
  let events = 0;

  function nextEvent(): Event {
    let next: Event = { atMs: Infinity, act: async () => {} };
    for (const fan of fans.values()) {
      if (fan.nextMs < next.atMs) next = { atMs: fan.nextMs, act: () => act(fan) };
    }
    for (const count of world.counts) {
      if (count.atMs < next.atMs) next = { atMs: count.atMs, act: () => deliver(count) };
    }
    if (cronAtMs < next.atMs) next = { atMs: cronAtMs, act: cron };
    return next;
  }

  function fateNow(): Fate {
    if (isCalm) return random() < 0.05 ? "TWICE" : "ANSWERED";
    const number = random();
    return number > 0.2
      ? "ANSWERED"
      : number > 0.14
      ? "LOST"
      : number > 0.08
      ? "TWICE"
      : number > 0.04
      ? "NEVER"
      : "NO_FRONT";
  }

  async function act(fan: Fan): Promise<void> {
    fan.nextMs = Infinity;
    const { token } = fan;
    const fate = fateNow();
    const isLost = fate === "LOST";
    await send(world, fan, Math.floor(random() * 3), fate, async (isolate) => {
      if (token === null || fan.isReset) return await join(world, fan, isolate, token, isLost);
      if (!fan.isAdmitted) return await poll(world, fan, isolate, token, isLost);
      await leave(world, fan);
    });
  }

  async function deliver(count: World["counts"][number]): Promise<void> {
    world.counts = world.counts.filter((other) => other !== count);
    if (!wire.isDown) await queue.updateStock(MAIN_ROOM, count.stock);
  }

  /** Repairs the rules within a minute, whatever was lost. */
  async function cron(): Promise<void> {
    cronAtMs = line.clock() + CRON_MS;
    if (wire.isDown) return;
    const { more } = await queue.promote(MAIN_ROOM);
    if (more) await queue.promote(MAIN_ROOM);
    const counts = await queue.counts(MAIN_ROOM);
    if (counts && counts.rulesVersion < world.rules.version) {
      await queue.applyRules(MAIN_ROOM, world.rules);
    }
  }

  return {
    async pass(ms) {
      const untilMs = line.clock() + ms;
      for (;;) {
        const { atMs, act } = nextEvent();
        if (atMs > untilMs) break;
        if (++events > MAX_EVENTS) throw new Error("the history does not end");
        line.clock.advance(Math.max(0, atMs - line.clock()));
        await act();
        if (!wire.isDown) await look();
      }
      line.clock.advance(untilMs - line.clock());
    },
  };
}
