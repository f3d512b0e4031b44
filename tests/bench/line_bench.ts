/**
 * µs per call of the memory line, by the number of fans waiting; beside it what the earlier design
 * did on each call, scanning the line for the fan.
 *
 *     deno run -A tests/bench/line_bench.ts
 */
import { memoryQueueStore } from "../../src/adapters/memory/queue_store.ts";
import { type FanId, MAIN_ROOM } from "../../src/domain/ids.ts";
import type { LineSettings, PlaceRef } from "../../src/domain/line.ts";

const SIZES = [1e3, 1e4, 1e5, 1e6];
const ROUNDS = 7;
const CALLS = 2_000;
/** A scan costs so much more that it is called less often; at least this often, though. */
const MIN_SCANS = 10;
const SCAN_STEPS = 2e7;

const SETTINGS: LineSettings = {
  capacity: 1,
  // Nobody is to be admitted while the line is measured.
  admissionTtlMs: 1e12,
  showUpMs: 60_000,
  waitingTtlMs: 21_600_000,
  pollMinSeconds: 2,
  pollMaxSeconds: 60,
};

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1]!;
}

async function usPerCall(calls: number, act: (call: number) => unknown): Promise<number> {
  const startedMs = performance.now();
  for (let call = 0; call < calls; call++) await act(call);
  return (performance.now() - startedMs) * 1000 / calls;
}

/** Spread evenly over the line by the golden ratio, the same in every run. */
function scattered(call: number, size: number): number {
  return Math.floor((call * 0.618_033_988_749_895) % 1 * size);
}

async function measure(size: number): Promise<Record<string, number>> {
  let nowMs = Date.UTC(2030, 0, 1);
  const queue = memoryQueueStore({
    settings: SETTINGS,
    clock: () => nowMs++,
    newId: () => "epoch",
  });
  const join = async (fan: string) => (await queue.join(MAIN_ROOM, fan as FanId, null)).place;
  await join("house");
  const places: PlaceRef[] = [];
  for (let i = 0; i < size; i++) places.push(await join(`fan-${i}`));
  const scanned = places.map(({ fan, order }) => ({ fan: String(fan), order }));
  const scans = Math.max(MIN_SCANS, Math.min(CALLS, Math.floor(SCAN_STEPS / size)));

  const rounds: Record<string, number[]> = { join: [], status: [], "leave+rejoin": [], scan: [] };
  for (let round = 0; round < ROUNDS; round++) {
    const joined: PlaceRef[] = [];
    rounds.join!.push(
      await usPerCall(CALLS, async (call) => {
        joined.push(await join(`new-${round}-${call}`));
      }),
    );
    await queue.end(joined);
    rounds.status!.push(
      await usPerCall(CALLS, (call) => queue.status(places[scattered(call, size)]!)),
    );
    rounds["leave+rejoin"]!.push(
      await usPerCall(CALLS, async (call) => {
        const at = scattered(call, size);
        const { fan } = places[at]!;
        await queue.leave(places[at]!);
        places[at] = await join(fan);
      }),
    );
    rounds.scan!.push(
      await usPerCall(scans, (call) => {
        const fan = `fan-${scattered(call, size)}`;
        if (scanned.findIndex((place) => place.fan === fan) < 0) {
          throw new Error(`${fan} is missing`);
        }
      }),
    );
  }
  return Object.fromEntries(Object.entries(rounds).map(([what, us]) => [what, median(us)]));
}

function row(cells: readonly string[]): string {
  return cells.map((cell, i) => i === 0 ? cell.padEnd(10) : cell.padStart(14)).join("");
}

console.log(`µs per call, median of ${ROUNDS} rounds of ${CALLS} calls`);
console.log(row(["waiting", "join", "status", "leave+rejoin", "scan for fan", "scan / status"]));
for (const size of SIZES) {
  const us = await measure(size);
  const cells = ["join", "status", "leave+rejoin", "scan"].map((what) => us[what]!.toFixed(2));
  console.log(row([size.toLocaleString("en"), ...cells, `${(us.scan! / us.status!).toFixed(1)}×`]));
}
