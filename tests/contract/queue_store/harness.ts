import assert from "node:assert/strict";
import { type FanId, MAIN_ROOM } from "../../../src/domain/ids.ts";
import {
  callWindowMs,
  type EndCause,
  type PlaceRef,
  type QueueSettings,
  type QueueToken,
  type RulesSnapshot,
  type Standing,
} from "../../../src/domain/queue.ts";
import { QUEUE_BOUNDS, type QueueBounds } from "../../../src/domain/queue_bounds.ts";
import { type Draw, type RoomSettings, type Rules, stateAt } from "../../../src/domain/room.ts";
import type {
  Joined,
  JoinRefusal,
  QueueCounts,
  QueueStore,
  Upkeep,
} from "../../../src/ports/queue_store.ts";
import type { TestClock } from "../../support/test_clock.ts";

export type TestSettings = QueueSettings & RoomSettings & {
  readonly draw: Draw | null;
  readonly bounds: QueueBounds;
};

export interface QueueHarness {
  readonly queue: QueueStore;
  /** The settings of the queue. */
  readonly settings: TestSettings;
  /** The latest rules of the main room. */
  readonly rules: Rules;
  readonly clock: TestClock;
  /** Forgets everything, as a wiped Redis would, and applies the rules again. */
  wipe(): Promise<void>;
  /** Forgets everything, the rules too. */
  forget(): Promise<void>;
  /** Changes the rules of the main room: the next version of them. */
  changeRules(changes: Partial<Rules>): Promise<void>;
  /** Applies the present rules of the main room again, as the cron does. */
  checkRules(): Promise<void>;
  close(): Promise<void>;
}

/** An empty queue under these settings; the others are those of `TEST_SETTINGS`. */
export type MakeQueue = (settings?: Partial<TestSettings>) => Promise<QueueHarness>;

export const MINUTE_MS = 60_000;

export const TEST_SETTINGS: TestSettings = {
  state: "OPEN",
  opensAtMs: null,
  capacity: 1,
  admissionsPerMinute: null,
  admissionTtlMs: 15 * MINUTE_MS,
  holdTtlMs: 5 * MINUTE_MS,
  pollMinSeconds: 2,
  pollMaxSeconds: 60,
  challengeAtJoin: false,
  draw: null,
  showUpMs: MINUTE_MS,
  waitingTtlMs: 360 * MINUTE_MS,
  bounds: QUEUE_BOUNDS,
};

export const TEST_DRAW: Draw = {
  id: "draw-1",
  seed: "5eed".repeat(16),
  salt: "a grain of salt",
};

/** The first rules of a room with these settings. */
export function firstRules(settings: TestSettings): Rules {
  const { showUpMs: _, waitingTtlMs: __, bounds: ___, ...room } = settings;
  return { ...room, version: 1, madeAtMs: 0 };
}

/** What an adapter brings to its harness. */
export interface QueueParts {
  readonly queue: QueueStore;
  readonly settings: TestSettings;
  readonly clock: TestClock;
  /** Forgets everything, the rules too. */
  forget(): Promise<void>;
  close(): Promise<void>;
}

/** A harness whose main room has rules, which it knows. */
export async function createQueueHarness(parts: QueueParts): Promise<QueueHarness> {
  const { queue, settings, clock, forget, close } = parts;
  let rules = firstRules(settings);
  await queue.applyRules(MAIN_ROOM, rules);
  return {
    queue,
    settings,
    clock,
    get rules() {
      return rules;
    },
    async wipe() {
      await forget();
      await queue.applyRules(MAIN_ROOM, rules);
    },
    forget,
    async changeRules(changes) {
      rules = { ...rules, ...changes, version: rules.version + 1 };
      await queue.applyRules(MAIN_ROOM, rules);
    },
    checkRules: () => queue.applyRules(MAIN_ROOM, rules),
    close,
  };
}

/** The standing of a place that has ended; the cause is null when it is not known. */
export function ended(because: EndCause | null = null): Standing {
  return { state: "GONE", reason: "ENDED", endedBecause: because };
}

export const LINE_RESET: Standing = { state: "GONE", reason: "LINE_RESET", endedBecause: null };

/** The longest step of `elapse`; a longer one without a call may count as an outage. */
const STEP_MS = 10_000;

/** The part of these rules that answers contain, at that time. */
export function rulesSnapshot(rules: Rules, nowMs: number): RulesSnapshot {
  return {
    state: stateAt(rules, nowMs),
    opensAtMs: rules.opensAtMs,
    capacity: rules.capacity,
    admissionsPerMinute: rules.admissionsPerMinute,
    holdTtlMs: rules.holdTtlMs,
    pollMinSeconds: rules.pollMinSeconds,
    pollMaxSeconds: rules.pollMaxSeconds,
  };
}

/** A queue of the main room with shorter names for what fans do. */
export interface Scene extends QueueHarness {
  /** How long a called fan has at most for showing up. */
  readonly windowMs: number;
  /** As the store answers, refusals too. A token was made just now unless it names a time. */
  tryJoin(fan: string, earlier?: PlaceRef | QueueToken | null): Promise<Joined | JoinRefusal>;
  /** Fails unless the fan may join. */
  join(fan: string, earlier?: PlaceRef | QueueToken | null): Promise<Joined>;
  /** The fans join one after the other; their places. */
  arrive(...fans: string[]): Promise<PlaceRef[]>;
  state(place: PlaceRef): Promise<string>;
  /** The number of fans in front, by the answer; fails unless waiting. */
  ahead(place: PlaceRef): Promise<number>;
  /** The part of the rules that answers contain now. */
  snapshot(): RulesSnapshot;
  /** The standing of a fan with this ticket who is admitted until then. */
  admitted(order: number, expiresAtMs: number): Standing;
  /** The same admission, as it is answered now. */
  again(standing: Standing): Standing;
  /** Fails unless the room has rules. */
  counts(): Promise<QueueCounts>;
  promote(release?: number): Promise<Upkeep>;
  /** Time passes while these fans call and upkeep is done, so that no outage is seen. */
  elapse(ms: number, ...callers: readonly PlaceRef[]): Promise<void>;
  /**
   * With one slot: `house` leaves it to the next fan, who misses the turn, so that the one after
   * has it. Those who wait behind keep polling meanwhile.
   */
  missTurn(house: PlaceRef, behind: readonly PlaceRef[]): Promise<void>;
}

export function scene(harness: QueueHarness): Scene {
  const { queue, settings, clock, wipe, forget, changeRules, checkRules, close } = harness;
  const windowMs = callWindowMs(settings.showUpMs, settings.pollMaxSeconds);

  function tryJoin(
    fan: string,
    earlier: PlaceRef | QueueToken | null = null,
  ): Promise<Joined | JoinRefusal> {
    const token = earlier &&
      { madeAtMs: clock(), isNear: false, pseudonym: null, isDrawn: false, ...earlier };
    return queue.join(MAIN_ROOM, fan as FanId, token);
  }
  async function join(
    fan: string,
    earlier: PlaceRef | QueueToken | null = null,
  ): Promise<Joined> {
    const joined = await tryJoin(fan, earlier);
    if (joined.refused !== undefined) assert.fail(`${fan} may not join: ${joined.refused}`);
    return joined;
  }
  async function arrive(...fans: string[]): Promise<PlaceRef[]> {
    const places: PlaceRef[] = [];
    for (const fan of fans) places.push((await join(fan)).place);
    return places;
  }
  async function state(place: PlaceRef): Promise<string> {
    return (await queue.status(place)).state;
  }
  async function ahead(place: PlaceRef): Promise<number> {
    const standing = await queue.status(place);
    assert.equal(standing.state, "WAITING");
    assert.notEqual(standing.ahead, null);
    return standing.ahead!;
  }
  const snapshot = (): RulesSnapshot => rulesSnapshot(harness.rules, clock());
  function admitted(order: number, expiresAtMs: number): Standing {
    return { state: "ADMITTED", order, expiresAtMs, rules: snapshot(), provenAtMs: clock() };
  }
  const again = (standing: Standing): Standing =>
    standing.state === "ADMITTED" ? { ...standing, provenAtMs: clock() } : standing;
  async function counts(): Promise<QueueCounts> {
    const counted = await queue.counts(MAIN_ROOM);
    assert.ok(counted, "the room has no rules");
    return counted;
  }
  const promote = (release = 0) => queue.promote(MAIN_ROOM, { release });
  async function elapse(ms: number, ...callers: readonly PlaceRef[]): Promise<void> {
    for (let left = ms; left > 0; left -= STEP_MS) {
      clock.advance(Math.min(left, STEP_MS));
      for (const place of callers) await queue.status(place);
      await promote();
    }
  }
  async function missTurn(house: PlaceRef, behind: readonly PlaceRef[]): Promise<void> {
    await queue.leave(house);
    await elapse(windowMs, ...behind);
  }
  return {
    queue,
    settings,
    clock,
    wipe,
    forget,
    changeRules,
    checkRules,
    close,
    get rules() {
      return harness.rules;
    },
    windowMs,
    tryJoin,
    join,
    arrive,
    state,
    ahead,
    snapshot,
    admitted,
    again,
    counts,
    promote,
    elapse,
    missTurn,
  };
}

/** Registers one test of the contract, with a queue of its own under these settings. */
export type ContractTest = (
  name: string,
  settings: Partial<TestSettings>,
  play: (scene: Scene) => Promise<void>,
) => void;

/** Registers tests whose names begin with `suite`. */
export function contractTest(suite: string, harness: MakeQueue): ContractTest {
  return (name, settings, play) =>
    Deno.test(`${suite}: ${name}`, async () => {
      const made = await harness(settings);
      try {
        await play(scene(made));
      } finally {
        await made.close();
      }
    });
}
