/**
 * The line in memory: µs per call, by the number of fans waiting; beside it what the earlier design
 * did on each call, scanning the line for the fan.
 */
import { memoryQueueStore } from "../../src/adapters/memory/queue_store.ts";
import { type FanId, MAIN_ROOM } from "../../src/domain/ids.ts";
import type { PlaceRef, QueueSettings } from "../../src/domain/queue.ts";
import type { Rules } from "../../src/domain/room.ts";
import { scattered, type Spread, spreads } from "./measure.ts";

const ROUNDS = 7;
const CALLS = 2_000;
/** A scan costs so much more that it is called less often; at least this often, though. */
const MIN_SCANS = 10;
const SCAN_STEPS = 2e7;

const SETTINGS: QueueSettings = { showUpMs: 60_000, waitingTtlMs: 21_600_000 };
const RULES: Rules = {
  version: 1,
  state: "OPEN",
  opensAtMs: null,
  capacity: 1,
  admissionsPerMinute: null,
  // Nobody is to be admitted while the line is measured.
  admissionTtlMs: 1e12,
  holdTtlMs: 300_000,
  pollMinSeconds: 2,
  pollMaxSeconds: 60,
  draw: null,
};

async function usPerCall(calls: number, act: (call: number) => unknown): Promise<number> {
  const startedMs = performance.now();
  for (let call = 0; call < calls; call++) await act(call);
  return (performance.now() - startedMs) * 1000 / calls;
}

export interface MemoryLineFigures {
  readonly waiting: number;
  /** µs a call. */
  readonly us: Readonly<Record<"join" | "status" | "leave and rejoin" | "scan", Spread>>;
}

export async function measureMemoryLine(size: number): Promise<MemoryLineFigures> {
  let nowMs = Date.UTC(2030, 0, 1);
  const queue = memoryQueueStore({
    settings: SETTINGS,
    clock: () => nowMs++,
    newId: () => "epoch",
  });
  await queue.applyRules(MAIN_ROOM, RULES);
  async function join(fan: string): Promise<PlaceRef> {
    const joined = await queue.join(MAIN_ROOM, fan as FanId, null);
    if (joined.refused) throw new Error(joined.refused);
    return joined.place;
  }
  await join("house");
  const places: PlaceRef[] = [];
  for (let i = 0; i < size; i++) places.push(await join(`fan-${i}`));
  const scanned = places.map(({ fan, order }) => ({ fan: String(fan), order }));
  const scans = Math.max(MIN_SCANS, Math.min(CALLS, Math.floor(SCAN_STEPS / size)));

  const rounds: Record<keyof MemoryLineFigures["us"], number[]> = {
    join: [],
    status: [],
    "leave and rejoin": [],
    scan: [],
  };
  for (let round = 0; round < ROUNDS; round++) {
    const joined: PlaceRef[] = [];
    rounds.join.push(
      await usPerCall(CALLS, async (call) => {
        joined.push(await join(`new-${round}-${call}`));
      }),
    );
    await queue.endPlaces(joined);
    rounds.status.push(
      await usPerCall(CALLS, (call) => queue.status(places[scattered(call, size)]!)),
    );
    rounds["leave and rejoin"].push(
      await usPerCall(CALLS, async (call) => {
        const at = scattered(call, size);
        const { fan } = places[at]!;
        await queue.leave(places[at]!);
        places[at] = await join(fan);
      }),
    );
    rounds.scan.push(
      await usPerCall(scans, (call) => {
        const fan = `fan-${scattered(call, size)}`;
        if (scanned.findIndex((place) => place.fan === fan) < 0) {
          throw new Error(`${fan} is missing`);
        }
      }),
    );
  }
  return { waiting: size, us: spreads(rounds) };
}
