import type { OperatorRoom } from "./answers.ts";
import { audit, type Breach } from "./audit.ts";
import { openSale } from "./concert.ts";
import { gather, signInAt, signWith } from "./crowd.ts";
import type { Ending, Fan, Scene } from "./fan.ts";
import {
  breachesSeen,
  type Evidence,
  type Findings,
  findingsOf,
  type RoomEvidence,
} from "./findings.ts";
import { readDraw } from "./draw_records.ts";
import { live } from "./live.ts";
import type { RushOptions } from "./options.ts";
import type { Progress } from "./progress.ts";
import { readRecords, type Records } from "./records.ts";
import { openRoom, readRoom, wasChanged } from "./room.ts";
import { type Sample, type Seen, seen as newSeen } from "./seen.ts";
import { Stopped, type Stopper, stopper } from "./stopper.ts";
import { sample, sampleDraw, watch } from "./watch.ts";
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
  /** SHOW_UP_SECONDS, or the least that it can be. */
  readonly showUpMs: number;
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
  readonly room: OperatorRoom;
  readonly officeStopper: Stopper;
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
  const { adminToken, userJwtSecret } = target;
  const signIn = userJwtSecret ? signWith(userJwtSecret) : signInAt(office);
  const run = crypto.randomUUID().slice(0, 8);
  const fans = await gather(options, run, signIn);
  const roomMadeAtMs = now();
  const wishes = { ...options, room: `rush-${run}` };
  const room = await openRoom(office, adminToken, wishes, Date.now());
  if (options.lobbySeconds > 0) await sampleDraw({ wire: office, seen, room: room.room });
  const concertId = await openSale(office, adminToken, room.room, options.seats, Date.now());
  const scene: Scene = {
    wire: wire({ base, sockets: options.sockets, stopper: crowdStopper, now, tap: seen.tap }),
    seen,
    stopper: crowdStopper,
    operatorToken: adminToken,
    room: room.room,
    concertId,
    thinkSeconds: options.thinkSeconds,
    wallClock: Date.now,
    now,
    headStartMs: options.lobbySeconds > 0 ? now() - roomMadeAtMs : 0,
    selfChargeForbidden: false,
  };
  return { scene, room, fans, seen, now, office, officeStopper };
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
    room: scene.room,
    hasLobby: options.lobbySeconds > 0,
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

/** What became of the room, and of its draw. */
async function readRoomEvidence(
  { scene, seen, office, officeStopper }: Stage,
  { options, target }: RushParts,
): Promise<RoomEvidence> {
  const { room, operatorToken } = scene;
  const hasLobby = options.lobbySeconds > 0;
  const drawParts = { wire: office, seen, stopper: officeStopper, room, operatorToken };
  const draw = hasLobby ? await readDraw(drawParts) : null;
  const settings = await readRoom(office, target.adminToken, room);
  return {
    seats: options.seats,
    perMinute: settings.admissionsPerMinute,
    draw,
    wasChanged: wasChanged(settings, hasLobby),
  };
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
  const room = await readRoomEvidence(stage, parts);
  const turnMs = stage.room.pollMaxSeconds * 1000 + parts.target.showUpMs;
  const evidence: Evidence = { seen, ledgers, endings, seconds, records, room, turnMs };
  const resetNote = "The line was reset during the rush: its order could not be checked.";
  const changedNote = "The room was changed during the rush: its draw and rate were not checked.";
  return {
    findings: findingsOf(evidence),
    breaches: [
      ...breachesSeen(evidence),
      ...audit(records, { ledgers, seatLimit: seen.limit ?? parts.target.seatLimit }),
    ],
    notes: [
      ...records.notes,
      ...seen.lineWasReset ? [resetNote] : [],
      ...room.wasChanged ? [changedNote] : [],
    ],
    samples: seen.samples,
  };
}
