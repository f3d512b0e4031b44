import { audit, type Breach } from "./audit.ts";
import { openSale } from "./concert.ts";
import { gather, signInAt, signWith } from "./crowd.ts";
import type { Ending, Fan, Scene } from "./fan.ts";
import { breachesSeen, type Evidence, type Findings, findingsOf } from "./findings.ts";
import { live } from "./live.ts";
import type { RushOptions } from "./options.ts";
import type { Progress } from "./progress.ts";
import { readRecords, type Records } from "./records.ts";
import { type Sample, type Seen, seen as newSeen } from "./seen.ts";
import { Stopped, stopper } from "./stopper.ts";
import { sample, watch } from "./watch.ts";
import { wire } from "./wire.ts";

/** Reading the records goes gently. */
const AUDIT_SOCKETS = 16;
const WATCH_SOCKETS = 1;

export interface Target {
  readonly base: string;
  readonly adminToken: string;
  /** Null: fans sign in at /dev/sign-in. */
  readonly userJwtSecret: string | null;
  /** SEAT_LIMIT, unless a refusal tells another. */
  readonly seatLimit: number;
  /** POLL_MAX_SECONDS and SHOW_UP_SECONDS together, in ms; 0 where they are not known. */
  readonly turnMs: number;
}

export interface Result {
  readonly findings: Findings;
  readonly breaches: readonly Breach[];
  readonly notes: readonly string[];
  readonly samples: readonly Sample[];
}

export interface RushParts {
  readonly options: RushOptions;
  readonly target: Target;
  readonly progress: Progress;
  /** Ends everything at once; the rush then throws `Stopped`. */
  readonly signal: AbortSignal;
}

interface Stage {
  readonly scene: Scene;
  readonly fans: readonly Fan[];
  readonly seen: Seen;
  readonly now: () => number;
  readonly office: ReturnType<typeof wire>;
}

/** Opens the sale and gathers the crowd. */
async function setUp({ options, target, signal }: RushParts): Promise<Stage> {
  const startedAtMs = performance.now();
  const now = () => performance.now() - startedAtMs;
  const seen = newSeen();
  const crowdStopper = stopper();
  const officeStopper = stopper();
  const stopAll = () => [crowdStopper, officeStopper].forEach((each) => each.stop());
  if (signal.aborted) stopAll();
  else signal.addEventListener("abort", stopAll, { once: true });
  const { base } = target;
  const office = wire({
    base,
    sockets: AUDIT_SOCKETS,
    stopper: officeStopper,
    now,
    // The audit asks for everything at once: its waits are not the crowd's.
    tap: { ...seen.tap, queued() {} },
  });
  const concertId = await openSale(office, target.adminToken, options.seats, Date.now());
  const signIn = target.userJwtSecret ? signWith(target.userJwtSecret) : signInAt(office);
  const run = crypto.randomUUID().slice(0, 8);
  const fans = await gather(options, run, signIn);
  const scene: Scene = {
    wire: wire({ base, sockets: options.sockets, stopper: crowdStopper, now, tap: seen.tap }),
    seen,
    stopper: crowdStopper,
    operatorToken: target.adminToken,
    concertId,
    thinkSeconds: options.thinkSeconds,
    wallClock: Date.now,
    selfChargeForbidden: false,
  };
  return { scene, fans, seen, now, office };
}

/** Lets everybody live, watched from the operator's side, until all are done or time is up. */
async function play({ scene, fans, seen, now }: Stage, parts: RushParts) {
  const { options, target, progress } = parts;
  const watchStopper = stopper();
  const watchParts = {
    wire: wire({
      base: target.base,
      sockets: WATCH_SOCKETS,
      stopper: watchStopper,
      now,
      tap: seen.tap,
    }),
    seen,
    stopper: watchStopper,
    operatorToken: target.adminToken,
    now,
    onSample: () => progress.show(endings.length, seen.samples.at(-1)),
  };
  const endings: Ending[] = [];
  const watching = watch(watchParts);
  const timeUp = setTimeout(() => scene.stopper.stop(), options.maxSeconds * 1000);
  const startedAtMs = now();
  try {
    await Promise.all(fans.map(async (fan) => endings.push(await live(fan, scene))));
    const seconds = (now() - startedAtMs) / 1000;
    if (!parts.signal.aborted) await sample(watchParts);
    return { endings, seconds };
  } finally {
    clearTimeout(timeUp);
    scene.stopper.stop();
    watchStopper.stop();
    await watching;
  }
}

/** Sends the crowd through a sale of its own, then holds the server's records to what was told. */
export async function rush(parts: RushParts): Promise<Result> {
  const { progress } = parts;
  const { stage, endings, seconds } = await setUp(parts)
    .then(async (stage) => ({ stage, ...await play(stage, parts) }))
    .finally(progress.end);
  if (parts.signal.aborted) throw new Stopped();
  const { scene, fans, seen } = stage;
  progress.reading(fans.length);
  const records: Records = await readRecords({
    wire: stage.office,
    operatorToken: parts.target.adminToken,
    concertId: scene.concertId,
    fans,
  });
  const ledgers = fans.map(({ ledger }) => ledger);
  const { turnMs } = parts.target;
  const evidence: Evidence = { seen, ledgers, endings, seconds, records, turnMs };
  const resetNote = "The line was reset during the rush: its order could not be checked.";
  return {
    findings: findingsOf(evidence),
    breaches: [
      ...breachesSeen(evidence),
      ...audit(records, { ledgers, seatLimit: seen.limit ?? parts.target.seatLimit }),
    ],
    notes: [...records.notes, ...seen.lineWasReset ? [resetNote] : []],
    samples: seen.samples,
  };
}
