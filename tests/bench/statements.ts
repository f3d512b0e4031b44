/**
 * Holding, paying and noticing a sell-out: our functions among other ways, as ratios of the calls
 * a second of a raw UPDATE of as many rows, each median over rounds that take turns, with the least and the most. Beside them
 * what went wrong: deadlocks, errors, orders got in part, seats held twice, sell-outs missed.
 *
 *     deno run -A --config src/tools/deno.json tests/bench/statements.ts
 *
 * STANCHION_CLIENTS (1,16,64), STANCHION_ROUNDS (3) and STANCHION_SLICE_MS (500) set its size.
 */
import { measureCrowds, measureHolds, prepareHolds } from "./statements_holds.ts";
import type { BenchSize } from "./statements_load.ts";
import { openBenchOffice } from "./statements_office.ts";
import { measurePays, measureSellOuts, preparePays } from "./statements_pays.ts";

const SELL_OUT_SESSIONS = 16;

export async function measureStatements(size: BenchSize) {
  const office = await openBenchOffice(
    Math.max(SELL_OUT_SESSIONS, ...size.clients),
    size.seedShare,
  );
  try {
    await prepareHolds(office);
    const holds = await measureHolds(office, size);
    const crowds = await measureCrowds(office, size);
    await preparePays(office);
    const pays = await measurePays(office, size);
    const sellOuts = await measureSellOuts(office);
    return { holds, crowds, pays, sellOuts };
  } finally {
    await office.close();
  }
}

if (import.meta.main) {
  await measureStatements({
    clients: (Deno.env.get("STANCHION_CLIENTS") ?? "1,16,64").split(",").map(Number),
    rounds: Number(Deno.env.get("STANCHION_ROUNDS") ?? 3),
    sliceMs: Number(Deno.env.get("STANCHION_SLICE_MS") ?? 500),
    seedShare: 1,
  });
}
