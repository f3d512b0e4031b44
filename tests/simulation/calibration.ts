import type { CommandsPerRequest } from "./memory_line.ts";
import type { SalePlan } from "./plan.ts";
import { openRedisLine } from "./redis_line.ts";
import { playSale } from "./sale.ts";
import { type Kind, KINDS } from "./traffic.ts";

const MINUTE_MS = 60_000;

/** What a call costs on Redis, measured in a small sale. */
export interface Calibration {
  readonly commands: CommandsPerRequest;
  readonly bytesPerRequest: number;
  readonly bytesPerFan: number;
}

/** Plays an hour of the same sale with few fans and isolates on Redis. */
export async function calibrate(plan: SalePlan, fans = 20_000): Promise<Calibration> {
  const small: SalePlan = {
    ...plan,
    fans,
    joinOverMs: 5 * MINUTE_MS,
    room: { ...plan.room, capacity: Math.ceil(plan.room.capacity * fans / plan.fans) },
    seats: plan.seats && Math.ceil(plan.seats * fans / plan.fans),
    shoppers: 1,
    locations: 4,
    isolatesPerLocation: 1,
    untilMs: 60 * MINUTE_MS,
  };
  const { traffic: { store, commands }, seen } = await playSale(
    small,
    openRedisLine,
    {},
    (line) => line.use(),
  );
  const perRequest = (kind: Kind) => commands.sum(kind) / Math.max(1, store.sum(kind));
  return {
    commands: Object.fromEntries(KINDS.map((kind) => [kind, perRequest(kind)])) as Record<
      Kind,
      number
    >,
    bytesPerRequest: seen!.trafficBytes / store.total(),
    bytesPerFan: seen!.memoryBytes / fans,
  };
}
