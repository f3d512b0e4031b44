import { seededRandom } from "../support/random.ts";
import { assertNothingIsLeftIn } from "../tools/local_cloud/edge/left_behind.ts";
import { type EdgeRun, startEdge } from "../tools/local_cloud/edge/edge_run.ts";
import { Answers, type Tally } from "./answers.ts";
import { callAtRate, callInTurn } from "./phases.ts";
import { growing, median, type Probe, probe, type Resources } from "./resources.ts";
import { ADMIN_TOKEN, auditSale, openSale, SEAT_LIMIT, USER_JWT_SECRET } from "./sale.ts";

export interface OverloadSize {
  /** Of each of both phases. */
  readonly seconds: number;
  readonly fans: number;
  readonly seats: number;
  /** By when every call is answered again within `soonMs`. */
  readonly recoveryMs: number;
  readonly soonMs: number;
}

export interface Phase {
  readonly name: string;
  readonly answersPerSecond: number;
  readonly statuses: Readonly<Record<string, number>>;
  readonly medianMs: number;
  readonly worstOf100Ms: number;
  readonly resources: readonly Resources[];
}

export interface OverloadFigures {
  readonly phases: readonly Phase[];
  /** Calls of the second phase that were due and not sent. */
  readonly notSent: number;
  /** From the end of the crowd until every call is answered soon again; null when it never was. */
  readonly recoveredAfterMs: number | null;
  readonly faults: readonly string[];
}

/** As many as keep both cores busy; more only wait for each other. */
const CALLERS = 32;
const OVERLOAD = 3;
const SAMPLES = 40;
/** Calls in a row that must be answered soon. */
const CALM_CALLS = 10;
const PAUSE_MS = 100;

/** The most that `edge` serves, then three times as many calls, and what is left afterwards. */
export async function overload(size: OverloadSize, seed: number): Promise<OverloadFigures> {
  const folder = await Deno.makeTempDir();
  await Deno.chmod(folder, 0o755);
  const edge = await startEdge({
    TMPDIR: folder,
    ADMIN_TOKEN,
    USER_JWT_SECRET,
    SEAT_LIMIT: String(SEAT_LIMIT),
    QUEUE_CAPACITY: String(Math.ceil(size.fans / 8)),
    HOLD_TTL_SECONDS: "30",
    POLL_MIN_SECONDS: "1",
  });
  const engines = await probe(edge, folder);
  try {
    return await load(edge, engines, size, seed);
  } finally {
    await engines.close();
    await edge.end("SIGTERM");
    await assertNothingIsLeftIn(folder);
    await Deno.remove(folder, { recursive: true });
  }
}

async function load(
  { base }: EdgeRun,
  engines: Probe,
  size: OverloadSize,
  seed: number,
): Promise<OverloadFigures> {
  const { seconds, fans, seats } = size;
  const answers = new Answers();
  const random = seededRandom(seed);
  const { sale, shoppers } = await openSale(base, answers, { fans, seats, random });
  const most = await measured(
    "the most",
    { engines, seconds, answers },
    () => callInTurn(sale, shoppers, { callers: CALLERS, seconds }),
  );
  const perSecond = OVERLOAD * most.phase.answersPerSecond;
  const more = await measured(
    "three times that",
    { engines, seconds, answers },
    () => callAtRate(sale, shoppers, { perSecond, seconds }),
  );
  const recoveredAfterMs = await recovery(base, answers, shoppers[0]!.bearer, size);
  const { notSent, drained } = more.result;
  await drained;
  const phases = [most.phase, more.phase];
  const faults = [
    ...answers.faults,
    ...phases.flatMap(({ name, resources }) =>
      growing(resources).map((text) => `${name}: ${text}`)
    ),
    ...await auditSale(sale, shoppers),
  ];
  if (recoveredAfterMs === null) faults.push(`no recovery within ${size.recoveryMs} ms`);
  return { phases, notSent, recoveredAfterMs, faults };
}

async function measured<Result>(
  name: string,
  { engines, seconds, answers }: {
    readonly engines: Probe;
    readonly seconds: number;
    readonly answers: Answers;
  },
  run: () => Promise<Result>,
): Promise<{ readonly phase: Phase; readonly result: Result }> {
  const resources: Resources[] = [];
  const startedMs = performance.now();
  let isOver = false;
  const sampling = (async () => {
    while (!isOver) {
      resources.push(await engines.read());
      await pause(seconds * 1000 / SAMPLES);
    }
  })();
  const result = await run();
  isOver = true;
  await sampling;
  const tally = answers.finish();
  const passed = (performance.now() - startedMs) / 1000;
  return { phase: { name, resources, ...figuresOf(tally, passed) }, result };
}

function figuresOf({ statuses, latenciesMs }: Tally, seconds: number) {
  const sorted = latenciesMs.sort((one, other) => one - other);
  return {
    statuses,
    answersPerSecond: sorted.length / seconds,
    medianMs: median(sorted),
    worstOf100Ms: sorted[Math.floor(sorted.length * 0.99)] ?? 0,
  };
}

/** Balances are read from PostgreSQL, and the line from Redis. */
async function recovery(
  base: string,
  answers: Answers,
  bearer: string,
  { recoveryMs, soonMs }: OverloadSize,
): Promise<number | null> {
  const headers = { Authorization: `Bearer ${bearer}` };
  const startedMs = performance.now();
  let [calm, calmSinceMs] = [0, 0];
  while (performance.now() - startedMs < recoveryMs) {
    const sentMs = performance.now();
    const paths = ["/v1/balance", "/v1/queue"];
    const all = await Promise.all(
      paths.map((path) => answers.take(base + path, { headers }, [])),
    );
    const isCalm = all.every(({ body }) => body) && performance.now() - sentMs < soonMs;
    if (!isCalm) calm = 0;
    else if (calm++ === 0) calmSinceMs = sentMs - startedMs;
    if (calm === CALM_CALLS) return calmSinceMs;
    await pause(PAUSE_MS);
  }
  return null;
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
