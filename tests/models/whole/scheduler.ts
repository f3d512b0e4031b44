import { AsyncLocalStorage } from "node:async_hooks";
import { AssertionError } from "node:assert/strict";
import type { TestClock } from "../../support/test_clock.ts";
import type { Laws } from "../line/laws.ts";
import { type Fate, FATE_WORDS } from "./fates.ts";
import { runningTasks, type Sleepers } from "./platform.ts";
import type { Isolate } from "./isolates.ts";

/** Of a challenge, as it has arrived. */
export type Verdict = "PASSED" | "FAILED";

/** One request, or one run of the cron, with all that follows its answer. */
export interface Work {
  readonly name: string;
  readonly isolate: Isolate;
  readonly scheduler: Scheduler;
  readonly fates: readonly Fate[];
  readonly startedMs: number;
  /** The calls of adapters so far, and those of them that were disturbed. */
  calls: number;
  faults: number;
  /** The methods of the queue's store that have answered. */
  readonly asked: Set<string>;
  /** The places that were admitted when the line was asked about them. */
  readonly admissions: Set<string>;
  verdict: Verdict | null;
  /** The fan's answer is there. */
  isAnswered: boolean;
  /** Everything has ended, also what follows the answer. */
  isDone: boolean;
  /** Nothing of it runs any more. */
  isDead: boolean;
}

/** The request whose code runs. */
export const works = new AsyncLocalStorage<Work>();

/** What stands at the other end of calls. */
export interface Wire {
  readonly name: string;
  /** How long a caller waits for an answer. */
  readonly deadlineMs: number;
  /** Whether a call of this name gets nowhere now. */
  isDown(what: string): boolean;
  failure(why: string): Error;
}

/** One call. `act` reaches the other end; what it gives is called when the answer arrives. */
export interface Call<Answer> {
  readonly wire: Wire;
  readonly what: string;
  /** Whether the adapter sends it again by itself when no answer comes. */
  readonly isRepeated: boolean;
  act(work: Work): Promise<() => Answer>;
}

interface Parked {
  readonly work: Work;
  readonly call: Call<unknown>;
  readonly fate: Fate;
  readonly resolve: (answer: unknown) => void;
  readonly reject: (error: Error) => void;
  /** SENT: it has not arrived. DONE: its answer is on its way. LEFT: nobody waits for it. */
  state: { readonly is: "SENT" | "LEFT" } | {
    readonly is: "DONE";
    readonly deliver: () => unknown;
  };
}

export interface Scheduler {
  readonly steps: number;
  readonly faults: number;
  /** Parks the call until it is chosen. */
  call<Answer>(call: Call<Answer>): Promise<Answer>;
  start(work: Pick<Work, "name" | "isolate" | "fates">, run: (work: Work) => Promise<void>): Work;
  /** One call goes on: the `pick`th of those that are parked. False if there is none. */
  step(pick: number): Promise<boolean>;
  /** Until all requests have ended. */
  drain(): Promise<void>;
  /** The program of these requests ends. */
  kill(isDead: (work: Work) => boolean): void;
  /** Lets time pass, and wakes those who sleep meanwhile. */
  pass(ms: number): Promise<void>;
  sleep(ms: number): Promise<void>;
}

export interface SchedulerOptions {
  readonly clock: TestClock;
  readonly random: () => number;
  readonly sleepers: Sleepers;
  readonly laws: Laws;
  readonly tell: (text: () => string) => void;
}

/** The longest time that a call takes by itself. */
const LONGEST_CALL_MS = 4;
const MAX_STEPS = 100_000;
const TOGETHER = "B6: of requests that go on together none waits for ever";
/** Continuations of one answer; more would be a loop. */
const TURNS = 150;

/** Lets everything run that waits for no call and no time. */
async function settled(): Promise<void> {
  do {
    await runningTasks();
    for (let turn = 0; turn < TURNS; turn++) await null;
  } while (runningTasks() !== null);
}

/** Decides which call goes on next, and what becomes of it. Everything else stands still. */
export function createScheduler(
  { clock, random, sleepers, laws, tell }: SchedulerOptions,
): Scheduler {
  let parked: Parked[] = [];
  let open: Work[] = [];
  const failures: unknown[] = [];
  let [steps, faults] = [0, 0];

  function fault({ work, call, fate }: Parked): void {
    faults++;
    work.faults++;
    tell(() => `  ${work.name}: ${call.what} is ${FATE_WORDS[fate]}.`);
  }

  /** The law that a call broke is no failure of the store. */
  async function act({ work, call }: Parked): Promise<() => unknown> {
    try {
      return await call.act(work);
    } catch (error) {
      if (error instanceof AssertionError) throw error;
      throw new AssertionError({
        message: `D3: ${call.wire.name} fails in ${call.what}: ${error}`,
      });
    }
  }

  function kill(isDead: (work: Work) => boolean): void {
    for (const work of open) if (isDead(work)) work.isDead = true;
    open = open.filter((work) => !work.isDead);
    parked = parked.filter(({ work, state }) => !work.isDead || state.is === "LEFT");
  }

  async function arrive(one: Parked): Promise<void> {
    const { work, call, fate, resolve, reject } = one;
    const { wire } = call;
    if (wire.isDown(call.what)) {
      faults++;
      work.faults++;
      tell(() => `  ${work.name}: ${call.what} fails, for ${wire.name} does not answer.`);
      return reject(wire.failure("it does not answer"));
    }
    if (fate !== "ANSWERED" && (fate !== "TWICE" || call.isRepeated)) fault(one);
    switch (fate) {
      case "NEVER":
        return reject(wire.failure("the connection broke"));
      case "CRASHED":
        return kill((other) => other === work);
      case "STALLED":
        parked.push({ ...one, state: { is: "LEFT" } });
        await pass(wire.deadlineMs);
        return reject(wire.failure("no answer in time"));
    }
    let deliver = await act(one);
    if (fate === "TWICE" && call.isRepeated) deliver = await act(one);
    switch (fate) {
      case "LOST":
        return reject(wire.failure("the connection broke"));
      case "CRASHED_AFTER":
        return kill((other) => other === work);
      case "LATE":
        parked.push({ ...one, state: { is: "DONE", deliver } });
        return;
      default:
        return resolve(deliver());
    }
  }

  async function goOn(one: Parked): Promise<void> {
    switch (one.state.is) {
      case "SENT":
        return await arrive(one);
      case "DONE":
        return one.resolve(one.state.deliver());
      case "LEFT":
        if (!one.call.wire.isDown(one.call.what)) await act(one);
    }
  }

  function assertNoFailure(): void {
    if (failures.length > 0) throw failures.shift();
  }

  async function pass(ms: number): Promise<void> {
    const untilMs = clock() + ms;
    for (let next = sleepers.next(); next !== null && next <= untilMs; next = sleepers.next()) {
      clock.advance(Math.max(0, next - clock()));
      sleepers.wake(clock());
      await settled();
    }
    clock.advance(untilMs - clock());
  }

  async function step(pick: number): Promise<boolean> {
    const one = parked[pick % parked.length];
    if (!one) return false;
    if (++steps > MAX_STEPS) throw new Error("the history does not end");
    parked = parked.filter((other) => other !== one);
    await pass(Math.floor(random() * LONGEST_CALL_MS));
    await goOn(one);
    await settled();
    assertNoFailure();
    return true;
  }

  return {
    get steps() {
      return steps;
    },
    get faults() {
      return faults;
    },
    call<Answer>(call: Call<Answer>): Promise<Answer> {
      const work = works.getStore();
      if (!work) throw new Error(`${call.what} belongs to no request`);
      if (work.isDead) return new Promise(() => {});
      const fate = work.fates[work.calls++] ?? "ANSWERED";
      return new Promise((resolve, reject) => {
        const settle = { resolve: resolve as (answer: unknown) => void, reject };
        parked.push({ work, call, fate, ...settle, state: { is: "SENT" } });
      });
    },
    start(given, run) {
      const work: Work = {
        ...given,
        scheduler: this,
        startedMs: clock(),
        calls: 0,
        faults: 0,
        asked: new Set(),
        admissions: new Set(),
        verdict: null,
        isAnswered: false,
        isDone: false,
        isDead: false,
      };
      open.push(work);
      const end = () => {
        work.isDone = true;
        open = open.filter((other) => other !== work);
      };
      works.run(work, () => run(work)).then(end, (error) => {
        end();
        failures.push(error);
      });
      return work;
    },
    step,
    async drain() {
      await settled();
      assertNoFailure();
      const together = open.length;
      let isStuck = false;
      while (!isStuck && (open.length > 0 || parked.length > 0)) {
        if (await step(0)) continue;
        const next = sleepers.next();
        isStuck = next === null;
        if (next !== null) await pass(next - clock());
        await settled();
        assertNoFailure();
      }
      const stuck = () => open.map(({ name }) => name).join(", ");
      if (together > 1) laws.check(TOGETHER, !isStuck, stuck);
      else if (isStuck) laws.check("liveness: no request hangs", false, stuck);
    },
    kill,
    pass,
    sleep: (ms) => sleepers.sleep(ms),
  };
}
