import {
  ANSWER_WITHIN_MS,
  attempt,
  type Failure,
  NO_ANSWER,
  type Received,
  setBackOff,
  untilAnswered,
} from "./attempts.ts";
import type { Calls } from "./calls.ts";
import type { Environment } from "./environment.ts";
import { createSubject } from "./observable.ts";
import { parsed } from "./parsed.ts";
import { type InnerPlace, type Line, PlaceEndedError, type PlaceState } from "./place_state.ts";
import type { StanchionProblem } from "./problems.ts";
import { openTabs, type Tabs } from "./tabs.ts";
import { createTimer } from "./timer.ts";

/** The jitter, as a share of `pollAfterSeconds`, and at most. It only makes a poll earlier. */
const JITTER = 0.1;
const MOST_JITTER_MS = 1_000;
/** An admission that goes on by the server's clock is asked for again after so long. */
const LEAST_ADMITTED_MS = 10_000;
/** Whether an admission has ended is asked so often, each wait thrice the last. */
const MOST_RECHECKS = 4;
/** A payment frees the slot within 250 ms of its answer. */
const FIRST_RECHECK_MS = 300;
/** A leading tab that is so late is frozen. */
const LATE_MS = ANSWER_WITHIN_MS + 2_000;

const HELLO = "hello";
const RECHECK = "recheck";

/** Polls and joins within one question: a reset, a join, and once more. */
const MOST_QUESTIONS = 3;

interface Kept {
  readonly token: string | null;
  /** How often it is still asked whether the admission has ended. */
  readonly doubts: number;
  readonly state: PlaceState;
}

const NOBODY = {
  phase: "joining",
  line: null,
  askedAt: null,
  asksAt: null,
  failure: null,
} as const;

const isEnd = ({ phase }: PlaceState) => /gone|refused/.test(phase);

/** The place of the fan, as it was kept under `name` before a reload. */
export async function openPlace(
  room: string,
  name: string,
  environment: Environment,
  api: Calls,
  isOtherFan: () => Promise<boolean>,
): Promise<InnerPlace> {
  const { clock, random, storage } = environment;
  const kept = parsed<Kept>(await storage.getItem(name));
  const subject = createSubject<PlaceState>(NOBODY);
  let token: string | null = null;
  let rejoins = false;
  let failures = 0;
  let doubts = 0;
  let over = false;
  let leaving = false;
  let leads = false;
  let tabs: Tabs | null = null;
  let asking: Promise<void> | null = null;
  const timer = createTimer(environment, () => leads ? void ask() : tabs?.takeOver());

  function publish(state: PlaceState): void {
    if (over) return;
    if (state.phase === "gone") token = null;
    subject.set(state);
    const known: Kept = { token, doubts, state };
    // Who is refused may come back later, in the old order by the old token.
    if (token === null) void storage.removeItem(name);
    else void storage.setItem(name, JSON.stringify(known));
    tabs?.post(known);
    if (isEnd(state)) stop();
  }

  function stop(): void {
    over = true;
    timer.clear();
    tabs?.close();
    subject.end();
  }

  /** Nothing of another fan may come under the name of this one. */
  async function checkFan(): Promise<void> {
    if (!await isOtherFan() || over) return;
    token = null;
    subject.set({ ...NOBODY, phase: "stopped" });
    stop();
  }

  function ask(): Promise<void> {
    return asking ??= askOnce().finally(() => {
      asking = null;
      if (!over && !leads) follow();
    });
  }

  async function askOnce(): Promise<void> {
    for (let questions = 0; questions < MOST_QUESTIONS; questions++) {
      const joins = rejoins || token === null;
      const sentAt = clock.now();
      if (!joins) void checkFan();
      const tried = await attempt<Received>(environment, joins ? join : poll);
      if (over || leaving) return;
      const { data, error, response } = tried.answer ?? {} as Received;
      const problem = error as StanchionProblem | undefined;
      const line = data as Line & { token?: string } | undefined;
      if (line?.state) {
        failures = 0;
        token = line.token ?? token;
        rejoins = line.state === "GONE" && line.reason === "LINE_RESET";
        if (!rejoins) return take(line, sentAt, response.headers);
      } else if (!problem) {
        // A place of a reset line is not waiting, nor admitted.
        return fail(tried.answer ? NO_ANSWER : tried, rejoins ? NOBODY : subject.current);
      } else if (token === null || !problem.code.startsWith("QUEUE_TOKEN_")) {
        return publish({ ...NOBODY, phase: "refused", askedAt: clock.now(), problem });
      } else token = null;
    }
    // Reset after each join, or no token is good: this is not the moment.
    fail(NO_ANSWER, NOBODY);
  }

  function fail(failed: { failure: Failure; retryAfterMs: number }, state: PlaceState): void {
    const asksAt = clock.now() + setBackOff(timer, ++failures, failed, random);
    publish({ ...state, asksAt, failure: failed.failure });
  }

  async function join(signal: AbortSignal): Promise<Received> {
    await checkFan();
    if (over) throw new PlaceEndedError(subject.current);
    const answer = await api.POST("/v1/queue/tokens", {
      body: { room },
      headers: { "Queue-Token": token },
      signal,
    });
    await checkFan();
    return answer;
  }

  const poll = (signal: AbortSignal) =>
    api.GET("/v1/queue/tokens/me", { headers: { "Queue-Token": token }, signal });

  function take(line: Line, sentAt: number, headers: Headers): void {
    const askedAt = clock.now();
    doubts = line.state === "ADMITTED" ? Math.max(doubts - 1, 0) : 0;
    let wait: number | null = null;
    if (line.state === "WAITING") {
      const pollAfterMs = line.pollAfterSeconds * 1000;
      // The server counts from its answer, which is older than its arrival here.
      const travelled = Math.min(Math.max(askedAt - sentAt, 0), MOST_JITTER_MS);
      wait = Math.max(
        0,
        pollAfterMs - travelled - random() * Math.min(pollAfterMs * JITTER, MOST_JITTER_MS),
      );
    } else if (doubts > 0) wait = FIRST_RECHECK_MS * 3 ** (MOST_RECHECKS - 1 - doubts);
    else if (line.state === "ADMITTED") {
      // The clock of the device may be wrong by hours.
      const serverMs = Date.parse(headers.get("Date")!) || askedAt;
      wait = Math.max(Date.parse(line.expiresAt) - serverMs, LEAST_ADMITTED_MS);
    }
    if (wait !== null) timer.set(wait);
    const asksAt = wait === null ? null : askedAt + wait;
    publish(
      { phase: line.state.toLowerCase(), line, askedAt, asksAt, failure: null } as PlaceState,
    );
  }

  function lead(): void {
    leads = true;
    const { phase, askedAt, asksAt } = subject.current;
    // Of an admission nobody knows whether it goes on. Clocks are set back: then `pollAfterSeconds` applies.
    const wait = phase === "waiting" ? Math.min(asksAt! - clock.now(), asksAt! - askedAt!) : 0;
    if (wait > 0) timer.set(wait);
    else void ask();
  }

  function follow(): void {
    leads = false;
    const wait = doubts > 0 ? 0 : Math.max((subject.current.asksAt ?? 0) - clock.now(), 0);
    timer.set(wait + LATE_MS * (1 + random() / 4));
  }

  function receive(message: unknown): void {
    if (message === RECHECK) return leads ? recheck() : undefined;
    if (message === HELLO) return leads ? publish(subject.current) : undefined;
    const { state } = message as Kept;
    ({ token, doubts } = message as Kept);
    subject.set(state);
    if (isEnd(state)) stop();
    else if (!leads) follow();
  }

  function recheck(): void {
    if (over || subject.current.phase !== "admitted") return;
    doubts = MOST_RECHECKS;
    if (leads) {
      publish(subject.current);
      void ask();
    } else {
      tabs?.post(RECHECK);
      follow();
    }
  }

  async function leave(): Promise<void> {
    await asking;
    if (over) return;
    leaving = true;
    timer.clear();
    try {
      // The answer to a join may be lost, and the place there: to join again gives its token.
      if (token === null) {
        const { received } = await untilAnswered(environment, join);
        token = (received.data as { token?: string } | undefined)?.token ?? null;
      }
      const { received: { data, response } } = await untilAnswered(
        environment,
        (signal) =>
          api.DELETE("/v1/queue/tokens/me", { headers: { "Queue-Token": token }, signal }),
      );
      if (data?.state !== "GONE") throw new PlaceEndedError(subject.current);
      take(data, clock.now(), response.headers);
    } finally {
      leaving = false;
      if (!over && leads) lead();
    }
  }

  if (kept) {
    ({ token, doubts } = kept);
    if (!isEnd(kept.state)) subject.set(kept.state);
  }
  tabs = openTabs(environment, name, { lead, follow, receive });
  if (tabs) tabs.post(HELLO);
  else lead();
  return {
    room,
    subscribe: subject.subscribe,
    [Symbol.asyncIterator]: subject[Symbol.asyncIterator],
    get current() {
      return subject.current;
    },
    get token() {
      return token;
    },
    async admitted() {
      for await (const state of subject) {
        if (state.phase === "admitted" && !doubts) return state.line;
      }
      throw new PlaceEndedError(subject.current);
    },
    async isLive() {
      for await (const { failure } of subject) if (!doubts || failure) break;
      return !over;
    },
    stop,
    leave,
    recheck,
  };
}
