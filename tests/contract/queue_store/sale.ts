import assert from "node:assert/strict";
import { type Front, FRONT_TTL_MS, standing as farStanding } from "../../../src/domain/front.ts";
import { MAIN_ROOM } from "../../../src/domain/ids.ts";
import { gatheredPollAfterSeconds } from "../../../src/domain/polling.ts";
import type { PlaceRef, QueueToken, Standing } from "../../../src/domain/queue.ts";
import { lotOf } from "./drawing.ts";
import type { Scene } from "./harness.ts";

/** A fan whose call fails tries again within this time. */
const RETRY_MS = 5_000;
/** A step of the clock. Fans call at the last step before they must. */
const STEP_MS = 1_000;
/** How often the parked are counted. */
const COUNT_MS = 5_000;

interface Fan {
  token: QueueToken;
  nextCallMs: number;
  /** Null before the first answer. */
  told: Standing | null;
}

export interface SaleOptions {
  readonly random: () => number;
  /** How long an admitted fan stays. */
  readonly sessionMs: number;
}

export interface Sale {
  /** These join now; `isGhost`: and never call again. */
  arrive(names: readonly string[], isGhost?: boolean): Promise<void>;
  /** All fans call as told until then, and leave after their session. */
  run(ms: number): Promise<void>;
  /** Time passes in which no call reaches the queue. Those who tried try again soon afterwards. */
  failFor(ms: number): void;
  /** How many fans have been admitted, and have not been yet. */
  readonly admitted: number;
  readonly left: number;
  /** How many answers came from the document, and how many from the queue. */
  readonly answers: { far: number; near: number };
}

/**
 * Fans who poll as told. Far ones are answered from a document about the front of the line. Each
 * answer is held against L2 and L4: nobody is overtaken, no position rises, no place is lost, and
 * nobody who was near is far again. Nobody may ever be parked but ghosts.
 */
export function createSale(line: Scene, { random, sessionMs }: SaleOptions): Sale {
  const { queue, clock, settings: { waitingTtlMs } } = line;
  const fans = new Map<string, Fan>();
  const inside = new Map<PlaceRef, number>();
  const answers = { far: 0, near: 0 };
  let ghosts = 0;
  let admitted = 0;
  let highestAdmitted = -Infinity;
  let front: Front | null = null;

  async function call({ token }: Fan): Promise<Standing> {
    const nowMs = clock();
    if (!front || nowMs >= front.takenAtMs + FRONT_TTL_MS) {
      front = (await queue.front(MAIN_ROOM))!.front;
    }
    const { draw } = line.rules;
    const drawValue = (name: string) => lotOf(draw!, name);
    const context = { nowMs, waitingTtlMs, random: random(), isOutage: false, drawValue };
    const far = farStanding(token, front, context);
    answers[far === "ASK_QUEUE" ? "near" : "far"]++;
    return far === "ASK_QUEUE" ? await queue.status(token) : far;
  }

  function hear(name: string, fan: Fan, standing: Standing): void {
    const { told, token } = fan;
    assert.notEqual(standing.state, "GONE", `${name} is gone while waiting`);
    if (standing.state === "ADMITTED") {
      fans.delete(name);
      admitted++;
      highestAdmitted = Math.max(highestAdmitted, standing.order);
      inside.set(token, clock() + sessionMs);
      return;
    }
    fan.told = standing;
    if (standing.state === "GATHERED") {
      const context = { waitingTtlMs, nowMs: clock(), random: random() };
      fan.nextCallMs = clock() + gatheredPollAfterSeconds(standing, context) * 1000;
      return;
    }
    if (standing.state !== "WAITING") return;
    if (told?.state === "WAITING") {
      assert.ok(
        standing.ahead! <= told.ahead!,
        `L4: ${name} rises ${told.ahead} → ${standing.ahead}`,
      );
      assert.ok(standing.isNear || !told.isNear, `${name} was near and is far`);
    }
    assert.ok(
      standing.order === null || standing.order > highestAdmitted,
      `L2: ${name} is overtaken`,
    );
    fan.nextCallMs = clock() + standing.pollAfterSeconds * 1000;
    const { isNear, provenAtMs, order } = standing;
    fan.token = { ...token, isNear, madeAtMs: provenAtMs, order: order ?? token.order };
  }

  async function leaveWhoAreDone(): Promise<void> {
    for (const [place, untilMs] of inside) {
      if (untilMs > clock()) continue;
      inside.delete(place);
      await queue.endPlaces([place], "PAID");
    }
  }

  async function step(): Promise<void> {
    await leaveWhoAreDone();
    for (const [name, fan] of fans) {
      if (fan.nextCallMs < clock() + STEP_MS) hear(name, fan, await call(fan));
    }
    if (clock() % COUNT_MS >= STEP_MS) return;
    const { parked } = (await queue.counts(MAIN_ROOM))!;
    assert.ok(parked <= ghosts, `${parked} are parked, of ${ghosts} ghosts`);
  }

  return {
    async arrive(names, isGhost = false) {
      for (const name of names) {
        const { place, standing } = await line.join(name);
        const pseudonym = standing.state === "GATHERED" ? standing.pseudonym : null;
        const token = { ...place, madeAtMs: clock(), isNear: false, pseudonym, isDrawn: false };
        const fan = { token, nextCallMs: clock(), told: null };
        if (isGhost) ghosts++;
        else fans.set(name, fan);
        if (!isGhost) hear(name, fan, standing);
      }
    },
    async run(ms) {
      for (let left = ms; left > 0; left -= STEP_MS) {
        clock.advance(STEP_MS);
        await step();
      }
    },
    failFor(ms) {
      clock.advance(ms);
      for (const fan of fans.values()) {
        const triesAgainMs = clock() + Math.floor(random() * RETRY_MS);
        if (fan.nextCallMs <= clock()) fan.nextCallMs = triesAgainMs;
      }
    },
    get admitted() {
      return admitted;
    },
    get left() {
      return fans.size;
    },
    answers,
  };
}
