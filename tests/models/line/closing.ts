import { MAIN_ROOM } from "../../../src/domain/ids.ts";
import type { Looks } from "./looks.ts";
import type { Time } from "./time.ts";
import { countNow, type World } from "./world.ts";

const STEP_MS = 10_000;
const MAX_STEPS = 300;
const MAX_ROUNDS = 60;
const HOUR_MS = 3_600_000;
const PLENTY = 2_000;
/** What stays in an empty room: the near limits of a window, the last ticket, and who left since the last draw. */
const MOST_KEPT: Readonly<Record<string, number>> = { raises: 130, issued: 1, left: 100 };

/** From here on nothing fails: whoever calls as told gets through, and then the room empties. */
export async function everybodyGetsThrough(world: World, looks: Looks, time: Time): Promise<void> {
  const { line, queue, fans, witness: { laws } } = world;
  if (world.seats !== null) world.seats = PLENTY;
  world.rules = {
    ...world.rules,
    version: world.rules.version + 1,
    state: "OPEN",
    opensAtMs: null,
    admissionsPerMinute: null,
    admissionTtlMs: 20_000,
    capacity: Math.max(2, world.rules.capacity),
  };
  line.clock.advance(1);
  await queue.applyRules(MAIN_ROOM, world.rules, countNow(world));
  await looks.look();
  const callers = [...fans.values()].filter(({ mood, token }) => mood !== "ABSENT" && token);
  for (const fan of callers) {
    fan.mood = "PUNCTUAL";
    fan.nextMs = Math.min(fan.nextMs, line.clock() + 1_000);
  }
  for (let step = 0; step < MAX_STEPS && callers.some(({ token }) => token); step++) {
    await time.pass(STEP_MS);
  }
  laws.check(
    "whoever calls as told gets through",
    callers.every(({ token }) => token === null),
    () => `${callers.filter(({ token }) => token).map(({ name }) => name)} wait`,
  );
  for (const fan of fans.values()) {
    fan.mood = "ABSENT";
    fan.nextMs = Infinity;
  }
  await emptyRoom(world, looks);
}

/** Nobody calls any more. */
async function emptyRoom(world: World, looks: Looks): Promise<void> {
  const { line, witness: { laws, settings } } = world;
  let left = Infinity;
  for (let round = 0; round < MAX_ROUNDS && left > 0; round++) {
    line.clock.advance(settings.waitingTtlMs / 2);
    const look = await looks.look();
    if (!look) return;
    const { gathered, waiting, admitted, parked } = look.counts;
    left = gathered + waiting + admitted + parked;
  }
  laws.check("an absent crowd leaves an empty room", left === 0, () => `${left} are left`);
  let kept: readonly (readonly [string, number])[] = [];
  for (let round = 0; round < MAX_ROUNDS; round++) {
    line.clock.advance(round === 0 ? HOUR_MS : settings.waitingTtlMs);
    await looks.look();
    const sizes = Object.entries(await line.sizes());
    kept = sizes.filter(([name, size]) => size > (MOST_KEPT[name] ?? 0));
    if (kept.length === 0) break;
  }
  laws.check("an empty room keeps nothing", kept.length === 0, () => JSON.stringify(kept));
}
