import { type Front, FRONT_TTL_MS, standing as farStanding } from "../../src/domain/front.ts";
import { type FanId, MAIN_ROOM } from "../../src/domain/ids.ts";
import type { QueueToken, Standing } from "../../src/domain/queue.ts";
import type { QueueStore } from "../../src/ports/queue_store.ts";
import { seededRandom } from "../support/random.ts";
import type { TestClock } from "../support/test_clock.ts";
import { emptyResult, type SalePlan, type SaleResult } from "./plan.ts";

const STEP_MS = 250;
/** Calls in flight at once. */
const IN_FLIGHT = 2_000;
/** A fan whose call failed calls again after this time. */
const RETRY_MS = 5_000;

type Waiting = Standing & { readonly state: "WAITING" };

interface Fan {
  readonly id: FanId;
  readonly isGhost: boolean;
  readonly vanishes: boolean;
  phase: "JOINING" | "WAITING" | "ADMITTED" | "DONE";
  token: QueueToken | null;
  /** The lowest number ahead that the fan was told. */
  told: number;
  wasParked: boolean;
  /** Where the told waits of this fan begin in the result, and when each was told. */
  readonly waits: { readonly index: number; readonly atMs: number }[];
}

export interface SaleWorld {
  readonly queue: QueueStore;
  readonly clock: TestClock;
  readonly drawValue: (pseudonym: string, seed: string) => number;
  /** What a fan is told about the wait; for the comparison of estimates. */
  readonly estimate?: (standing: Waiting) => { seconds: number; low: number; high: number } | null;
  /** Called at the end of each virtual minute. */
  readonly onMinute?: (minute: number, result: SaleResult) => Promise<void>;
}

/** The length of an admission that begins now. */
function sessionOf(
  { sessionMs, sessionShape, endsEveryMs }: SalePlan,
  sinceMs: number,
  random: () => number,
): number {
  const ms = (sessionShape?.(random) ?? -Math.log(1 - random())) * sessionMs;
  return endsEveryMs ? Math.ceil((sinceMs + ms) / endsEveryMs) * endsEveryMs - sinceMs : ms;
}

/** Plays a sale in virtual time, in steps of 250 ms, on the queue of a world. */
export async function playSale(plan: SalePlan, world: SaleWorld): Promise<SaleResult> {
  const { queue, clock, drawValue } = world;
  const random = seededRandom(plan.seed);
  // The same lengths of admissions in every variant of a sale, so that variants are comparable.
  const sessionRandom = seededRandom(plan.seed + 1);
  const result = emptyResult();
  const startMs = clock();
  const steps = Math.ceil(plan.untilMs / STEP_MS) + 1;
  const buckets: (number[] | undefined)[] = Array.from({ length: steps });
  const fans: Fan[] = [];
  const fronts: (Front | null)[] = Array.from({
    length: plan.locations * (plan.sharesFronts ? 1 : plan.isolatesPerLocation),
  }, () => null);
  let [step, version, seats] = [0, 1, plan.seats];
  let highestAdmitted = -Infinity;
  let room = plan.room;

  function later(fan: number, afterMs: number): void {
    const at = Math.max(step + 1, Math.ceil((step * STEP_MS + afterMs) / STEP_MS));
    if (at < steps) (buckets[at] ??= []).push(fan);
  }
  const lateness = () => plan.latenessMs ? Math.floor(random() * (plan.latenessMs / STEP_MS + 1)) * STEP_MS : 0;
  const applyRules = () =>
    queue.applyRules(MAIN_ROOM, { ...room, version: version++, madeAtMs: 0, draw: null });

  for (let i = 0; i < plan.fans; i++) {
    fans.push({
      id: `fan-${i}` as FanId,
      isGhost: random() < plan.ghosts,
      vanishes: random() < plan.vanishing,
      phase: "JOINING",
      token: null,
      told: Infinity,
      wasParked: false,
      waits: [],
    });
    const share = plan.joinBursts ? Math.floor(random() * plan.joinBursts) / plan.joinBursts : random();
    const at = Math.floor(share * plan.joinOverMs / STEP_MS);
    (buckets[at] ??= []).push(i);
  }

  function heard(i: number, standing: Standing, isJoin: boolean): void {
    const fan = fans[i]!;
    const sinceMs = step * STEP_MS;
    if (standing.state === "ADMITTED") {
      fan.phase = "ADMITTED";
      highestAdmitted = Math.max(highestAdmitted, standing.order);
      result.admitted++;
      for (const { index, atMs } of fan.waits) result.waits[index]!.real = (sinceMs - atMs) / 1000;
      if (sinceMs >= plan.measureFromMs) result.admissionsPerMinute++;
      const sessionMs = sessionOf(plan, sinceMs, sessionRandom);
      if (random() < (plan.lapsing ?? 0)) fan.phase = "DONE";
      else later(i, Math.min(plan.room.admissionTtlMs - 1000, sessionMs));
      return;
    }
    if (standing.state !== "WAITING") {
      result.falseGone++;
      fan.phase = "DONE";
      return;
    }
    const { ahead, order, isNear } = standing;
    if (ahead !== null && ahead > fan.told) result.rises++;
    if (ahead !== null) fan.told = Math.min(fan.told, ahead);
    if (order !== null && order < highestAdmitted && !isJoin && !fan.wasParked) {
      fan.wasParked = true;
      result.parkedHonest++;
    }
    noteWait(fan, standing, sinceMs);
    if (fan.isGhost || (fan.vanishes && isNear)) fan.phase = "DONE";
    else later(i, standing.pollAfterSeconds * 1000 + lateness());
  }

  function noteWait(fan: Fan, standing: Waiting, atMs: number): void {
    const told = world.estimate?.(standing);
    if (!told || standing.ahead === null) return;
    fan.waits.push({ index: result.waits.length, atMs });
    const { seconds, low, high } = told;
    result.waits.push({ ahead: standing.ahead, told: seconds, low, high, real: NaN });
  }

  function keepToken(fan: Fan, standing: Standing): void {
    if (standing.state !== "WAITING" || !fan.token) return;
    const { order, provenAtMs, isNear } = standing;
    fan.token = { ...fan.token, order: order ?? fan.token.order, madeAtMs: provenAtMs, isNear };
  }

  async function join(i: number): Promise<void> {
    const fan = fans[i]!;
    result.joins++;
    const joined = await queue.join(MAIN_ROOM, fan.id, null);
    if (joined.refused) return later(i, RETRY_MS);
    fan.phase = "WAITING";
    fan.token = { ...joined.place, madeAtMs: clock(), isNear: false, pseudonym: null };
    keepToken(fan, joined.standing);
    heard(i, joined.standing, true);
  }

  async function end(i: number): Promise<void> {
    const fan = fans[i]!;
    const { fromMs, untilMs } = plan.stall ?? { fromMs: Infinity, untilMs: Infinity };
    if (step * STEP_MS >= fromMs && step * STEP_MS < untilMs) return later(i, untilMs - fromMs);
    result.ends++;
    fan.phase = "DONE";
    const leaves = random() < plan.leaving || seats === 0;
    if (!leaves && seats !== null) seats--;
    await queue.endPlaces([fan.token!], leaves ? "LEFT" : "PAID");
    if (!leaves && seats === 0) await countStock();
  }

  async function ask(i: number): Promise<void> {
    const fan = fans[i]!;
    result.asked++;
    const told = await queue.status(fan.token!);
    if (told.state === "WAITING" && !told.isNear) result.proofs++;
    if (told.state === "WAITING" && told.countStock) await countStock();
    keepToken(fan, told);
    heard(i, told, false);
  }

  /** A far poll is answered from the document of the isolate; else the queue is asked. */
  function poll(i: number, front: Front | null): Promise<void> | null {
    const fan = fans[i]!;
    result.polls++;
    const context = {
      nowMs: clock(),
      waitingTtlMs: plan.waitingTtlMs,
      random: random(),
      isOutage: false,
      drawValue,
    };
    const told = front ? farStanding(fan.token!, front, context) : "ASK_QUEUE";
    if (told === "ASK_QUEUE") return ask(i);
    heard(i, told, false);
    return null;
  }

  async function loadFronts(due: readonly number[], isolates: readonly number[]): Promise<void> {
    const wanted = new Set<number>();
    due.forEach((i, n) => {
      const fan = fans[i]!;
      const front = fronts[isolates[n]!];
      const isOld = !front || clock() - front.takenAtMs >= FRONT_TTL_MS;
      if (fan.phase === "WAITING" && !fan.token!.isNear && isOld) wanted.add(isolates[n]!);
    });
    await Promise.all([...wanted].map(async (isolate) => {
      result.fronts++;
      const reading = await queue.front(MAIN_ROOM);
      fronts[isolate] = reading?.front ?? null;
      if (reading?.countStock) await countStock();
    }));
  }

  async function countStock(): Promise<void> {
    if (seats === null) return;
    const stock = { available: seats, returnsAtMs: null, asOfMs: clock() };
    await queue.updateStock(MAIN_ROOM, stock);
  }

  async function playStep(due: readonly number[]): Promise<void> {
    const isolates = due.map(() => Math.floor(random() * fronts.length));
    await loadFronts(due, isolates);
    let calls: Promise<void>[] = [];
    for (const [n, i] of due.entries()) {
      const { phase } = fans[i]!;
      if (phase === "DONE") continue;
      const call = phase === "JOINING"
        ? join(i)
        : phase === "ADMITTED"
        ? end(i)
        : poll(i, fronts[isolates[n]!]!);
      if (call) calls.push(call);
      if (calls.length >= IN_FLIGHT) {
        await Promise.all(calls);
        calls = [];
      }
    }
    await Promise.all(calls);
  }

  await applyRules();
  await countStock();
  const changes = [...plan.changes ?? []];
  const returns = [...plan.returns ?? []];
  const requests = () => result.joins + result.asked + result.fronts + result.ends;
  let [secondBegan, idleSinceMs] = [0, -1];
  for (step = 0; step < steps; step++) {
    const sinceMs = step * STEP_MS;
    clock.advance(startMs + sinceMs - clock());
    while (changes[0] && changes[0].atMs <= sinceMs) {
      room = { ...room, ...changes.shift()!.room };
      await applyRules();
    }
    while (returns[0] && returns[0].atMs <= sinceMs) {
      seats! += returns.shift()!.seats;
    }
    const due = buckets[step] ?? [];
    buckets[step] = undefined;
    const { outage } = plan;
    if (outage && sinceMs >= outage.fromMs && sinceMs < outage.untilMs) {
      for (const i of due) later(i, fans[i]!.phase === "ADMITTED" ? 1000 : RETRY_MS);
      continue;
    }
    await playStep(due);
    if (sinceMs % 1000 === 0) {
      result.busiestSecond = Math.max(result.busiestSecond, requests() - secondBegan);
      secondBegan = requests();
      if (sinceMs > plan.joinOverMs) await measure(sinceMs);
    }
    if (sinceMs % 60_000 === 0) {
      await queue.promote(MAIN_ROOM);
      await world.onMinute?.(sinceMs / 60_000, result);
    }
  }
  result.admissionsPerMinute /= (plan.untilMs - plan.measureFromMs) / 60_000;
  return result;

  async function measure(sinceMs: number): Promise<void> {
    const counts = await queue.counts(MAIN_ROOM);
    if (!counts) return;
    result.mostInside = Math.max(result.mostInside, counts.admitted);
    const idles = counts.waiting > 0 && counts.admitted < room.capacity;
    if (!idles) idleSinceMs = -1;
    else if (idleSinceMs < 0) idleSinceMs = sinceMs;
    else result.longestIdleMs = Math.max(result.longestIdleMs, sinceMs - idleSinceMs);
  }
}
