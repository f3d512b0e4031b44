import { FRONT_TTL_MS } from "../../../src/domain/front.ts";
import { type FanId, MAIN_ROOM } from "../../../src/domain/ids.ts";
import type { LineStatus } from "../../../src/domain/line_status.ts";
import type { QueueToken } from "../../../src/domain/queue.ts";
import type { Draw, Rules, Stock } from "../../../src/domain/room.ts";
import type { PresentFront } from "../../../src/application/fronts.ts";
import type { QueueStore } from "../../../src/ports/queue_store.ts";
import { seededRandom } from "../../support/random.ts";
import { TEST_DRAW } from "../../contract/queue_store/harness.ts";
import type { Fate, LineHistory } from "./acts.ts";
import { FANS } from "./acts.ts";
import { placeOf } from "./epoch.ts";
import { type Document, type Fan, newFan, told } from "./fans.ts";
import { heardFront } from "./fronts.ts";
import {
  context,
  createIsolate,
  type Isolate,
  type Location,
  PASSED,
  type Program,
} from "./isolates.ts";
import type { Laws } from "./laws.ts";
import type { Line } from "./line.ts";
import { observedQueue, type Wire } from "./observed_queue.ts";
import { createWitness, type Witness } from "./witness.ts";

/** A fan whose call failed calls again after this time. */
const RETRY_MS = 1_000;
const OUTAGE_RETRY_MS = 4_000;
/** So late may a call be in histories with failures, which take their part of the time. */
const SHORT_GRACE_MS = 3_000;
/** A gathered fan may have been answered from a document of the moment before the opening. */
const DOCUMENT_MS = 1_000;
const LONGEST_COUNT_MS = 2_900;

export function drawNumber(number: number): Draw {
  const seed = String(number % 10).repeat(64);
  return { ...TEST_DRAW, id: `draw-${number}`, seed, salt: `${TEST_DRAW.salt} ${number}` };
}

/** A store behind isolates of the program, with fans, PostgreSQL and a box office around it. */
export interface World {
  readonly line: Line;
  readonly witness: Witness;
  /** The store as calls reach it. */
  readonly queue: QueueStore;
  readonly wire: Wire;
  readonly isolates: readonly Isolate[];
  readonly random: () => number;
  readonly fans: Map<string, Fan>;
  /** Every token that was ever made. */
  readonly tokens: QueueToken[];
  /** The rules in PostgreSQL. */
  rules: Rules;
  seats: number | null;
  /** Counts of the stock that are on their way to the store. */
  counts: { readonly atMs: number; readonly stock: Stock }[];
  /** How often fans have joined. In every third join the challenge is failed. */
  joins: number;
  /** How late a LATE fan calls. */
  readonly latenessMs: number;
  /** By how much a document may be older than it seems to an isolate. */
  readonly mostSkewMs: number;
}

/** In one of so many histories the room asks for a challenge. */
const CHALLENGED_SHARE = 8;

export function createWorld(
  line: Line,
  history: LineHistory,
  program: Program,
  laws: Laws,
): World {
  const { settings, seed, skewsMs, moods, seats, isCalm, room } = history;
  const { clock } = line;
  const random = seededRandom(seed);
  const latenessMs = isCalm ? settings.showUpMs - 1 : SHORT_GRACE_MS - 1_000;
  const graceMs = isCalm ? settings.showUpMs - 1 : SHORT_GRACE_MS;
  const witness = createWitness({ laws, settings, clock, graceMs });
  const wire: Wire = {
    isDown: false,
    losesFront: false,
    asked: 0,
    failure: () => new program.DependencyError("redis", new Error("the wire is down")),
    recount: () => recount(world),
  };
  const queue = observedQueue(line.queue, wire, () => witness);
  const location: Location = { kept: null };
  const world: World = {
    line,
    witness,
    queue,
    wire,
    // Two isolates of one location, and one that shares nothing.
    isolates: skewsMs.map((skewMs, i) =>
      createIsolate({
        program,
        location: i < 2 ? location : null,
        backend: { queue, rules: () => world.rules, count: () => countNow(world) },
        storeClock: clock,
        skewMs,
        random,
        waitingTtlMs: settings.waitingTtlMs,
        showUpMs: settings.showUpMs,
      })
    ),
    random,
    fans: new Map(FANS.map((name, i) => [name, newFan(name, moods[i]!)])),
    tokens: [],
    rules: {
      ...room,
      challengeAtJoin: seed % CHALLENGED_SHARE === 0,
      opensAtMs: null,
      version: 1,
      madeAtMs: 0,
      draw: drawNumber(1),
    },
    seats,
    counts: [],
    joins: 0,
    latenessMs,
    // Isolates of one location whose clocks are further apart do not use each other's documents.
    mostSkewMs: Math.min(Math.abs(skewsMs[0]! - skewsMs[1]!), FRONT_TTL_MS),
  };
  line.onFront((front) => heardFront(witness, front));
  return world;
}

export function countNow({ seats, line }: World): Stock | null {
  return seats === null ? null : { available: seats, returnsAtMs: null, asOfMs: line.clock() };
}

/** Counting takes a while, in which fans may buy. */
export function recount(world: World, takesMs = world.random() * LONGEST_COUNT_MS): void {
  const stock = countNow(world);
  if (stock) world.counts.push({ atMs: world.line.clock() + Math.floor(takesMs), stock });
}

/** Lets the fan's call go through an isolate, and what the fate says become of it. */
export async function send(
  world: World,
  fan: Fan,
  n: number,
  fate: Fate,
  call: (isolate: Isolate) => Promise<void>,
): Promise<void> {
  const { wire, line, witness } = world;
  const isolate = world.isolates[n % world.isolates.length]!;
  if (fate === "NEVER") return retry(world, fan);
  wire.losesFront = fate === "NO_FRONT";
  line.onFront((front) => {
    heardFront(witness, front);
    isolate.keep(front);
  });
  try {
    await call(isolate);
    if (fate === "TWICE") await call(isolate);
  } catch (error) {
    if (!(error instanceof Error && error.name === "DependencyError")) throw error;
    retry(world, fan);
  } finally {
    wire.losesFront = false;
    line.onFront((front) => heardFront(witness, front));
  }
}

/** An answer is lost. The store may expect the next call sooner than the fan was told before. */
function lose(world: World, fan: Fan): void {
  const place = world.witness.epoch?.latest.get(fan.name);
  if (place) place.callByMs = Math.min(place.callByMs, world.line.clock() + RETRY_MS);
  retry(world, fan);
}

export function retry({ line, wire }: World, fan: Fan): void {
  if (fan.mood === "ABSENT") return;
  fan.nextMs = line.clock() + (wire.isDown ? OUTAGE_RETRY_MS : RETRY_MS);
}

export async function join(
  world: World,
  fan: Fan,
  { service, latest }: Isolate,
  earlier: QueueToken | null,
  isLost: boolean,
): Promise<void> {
  const challengeToken = world.joins++ % 3 === 2 ? "failed" : PASSED;
  const brought = { earlier, challengeToken };
  const joined = await service.join(context, MAIN_ROOM, fan.name as FanId, brought);
  if (!joined.ok) {
    fan.nextMs = Infinity;
    if (joined.failure.kind === "CHALLENGE_FAILED") retry(world, fan);
    return;
  }
  const { token, line } = joined.value;
  world.tokens.push(token);
  if (isLost) return lose(world, fan);
  fan.token = token;
  fan.isReset = false;
  const way = { document: null, isNewest: true, skewMs: 0 };
  told(world.witness, token, latest.standing!, way);
  follow(world, fan, line, { token });
}

/** The fan asks with this token, the newest one or an older one. */
export async function poll(
  world: World,
  fan: Fan,
  isolate: Isolate,
  token: QueueToken,
  isLost: boolean,
): Promise<void> {
  const { wire, witness, tokens, mostSkewMs } = world;
  const before = wire.asked;
  const status = await isolate.service.status(context, token);
  const newToken = "newToken" in status ? status.newToken : null;
  if (newToken) tokens.push(newToken);
  if (isLost) return lose(world, fan);
  const isNewest = token === fan.token;
  const present = wire.asked > before ? null : isolate.latest.present;
  const document = present && documentOf(isolate, present);
  told(witness, token, isolate.latest.standing!, { document, isNewest, skewMs: mostSkewMs });
  if (isNewest && newToken) fan.token = newToken;
  // An older token may be answered as far although the place is near.
  const lastCallMs = document?.lastCallMs ?? Infinity;
  if (isNewest) follow(world, fan, status, { token: fan.token!, lastCallMs });
  else if (document === null) follow(world, fan, status, { token });
}

function documentOf(isolate: Isolate, { front, isOutage }: PresentFront): Document {
  const takenAtMs = isolate.takenAtMs(front.takenAtMs);
  return { takenAtMs, isOutage, lastCallMs: takenAtMs + front.rules.pollMaxSeconds * 1000 };
}

/**
 * The fan does what the answer says, as far as the mood goes. A call that comes later than the time
 * to show up after `lastCallMs` is not protected, whatever the answer from a document said.
 */
function follow(
  world: World,
  fan: Fan,
  status: LineStatus,
  { token, lastCallMs = Infinity }: { readonly token: QueueToken; readonly lastCallMs?: number },
): void {
  const { line, witness } = world;
  const nowMs = line.clock();
  const isLive = fan.mood !== "ABSENT";
  const isOfPlace = fan.token !== null && witness.epoch !== null &&
    placeOf(witness.epoch, fan.token) === placeOf(witness.epoch, token);
  switch (status.state) {
    case "GATHERED":
    case "WAITING": {
      const toldCallMs = nowMs + status.pollAfterSeconds * 1000 -
        (status.state === "GATHERED" ? DOCUMENT_MS : 0);
      const callByMs = Math.min(toldCallMs, lastCallMs);
      witness.laws.check(
        "nobody is asked to call after the end of a turn that came meanwhile",
        toldCallMs <= lastCallMs + witness.settings.showUpMs,
        () => `${fan.name} is to call by ${toldCallMs}, and is missed after ${lastCallMs}`,
      );
      const place = witness.epoch && placeOf(witness.epoch, token);
      if (place) Object.assign(place, { toldCallMs, callByMs });
      fan.isAdmitted = false;
      if (!isOfPlace) return;
      const latestMs = callByMs + (fan.mood === "LATE" ? world.latenessMs : 0);
      fan.nextMs = isLive ? Math.max(toldCallMs, latestMs) : Infinity;
      return;
    }
    case "ADMITTED":
      if (!isOfPlace) return;
      if (!fan.isAdmitted) fan.nextMs = isLive ? nowMs + sessionMs(world) : Infinity;
      fan.isAdmitted = true;
      return;
    case "GONE":
      if (token !== fan.token) return;
      fan.isAdmitted = false;
      fan.isReset = status.reason === "LINE_RESET";
      fan.nextMs = isLive && fan.isReset ? nowMs + 1 : Infinity;
      if (!fan.isReset) fan.token = null;
  }
}

/** How long a fan keeps the admission; some keep it until it lapses. */
function sessionMs({ random, rules }: World): number {
  return Math.ceil(1 + random() * 1.2 * rules.admissionTtlMs);
}
