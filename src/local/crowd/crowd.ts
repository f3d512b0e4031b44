import { createStanchionClient } from "../../client/client.ts";
import { PlaceEndedError } from "../../client/place_state.ts";
import type { FanId } from "../../domain/ids.ts";
import type { Report } from "../../ports/report.ts";
import type { SignIn } from "../sign_in.ts";
import { createAllowance } from "./allowance.ts";
import { seededRandom } from "./seeded_random.ts";
import { visit } from "./visit.ts";

/** At any time so many fans are in line, choosing seats, or about to come. */
export const CROWD_SIZE = 12;
const SEED = 1;
/** A fan who went home is followed by another one after this time. */
const COMES_AFTER_MS = [300, 1_500] as const;
/** A line that takes nobody in is asked again after this time. */
const COMES_BACK_AFTER_MS = 5_000;

export interface CrowdParts {
  readonly baseUrl: string;
  readonly fetch: (url: string, init: RequestInit) => Promise<Response>;
  readonly signIn: SignIn;
  readonly report: Report;
}

export interface Crowd {
  /** Resolves when the first fan went home: then the line has measured how long a turn takes. */
  readonly moved: Promise<void>;
  /** No request follows. */
  stop(): void;
}

/** A few fans who come, wait, buy some of the seats and go, as long as the program runs. */
export function startCrowd({ baseUrl, fetch, signIn, report }: CrowdParts): Crowd {
  const stopping = new AbortController();
  const { signal } = stopping;
  const pauses = seededRandom(SEED);
  const allowance = createAllowance();
  const { promise: moved, resolve: move } = Promise.withResolvers<void>();
  let fans = 0;

  const sleep = (ms: number) =>
    new Promise<void>((resolve, reject) => {
      const stop = () => {
        clearTimeout(timer);
        reject(signal.reason);
      };
      const timer = setTimeout(() => {
        signal.removeEventListener("abort", stop);
        resolve();
      }, ms);
      signal.addEventListener("abort", stop, { once: true });
    });

  async function comeAndGo(): Promise<void> {
    const number = ++fans;
    const client = createStanchionClient({
      baseUrl,
      accessToken: await signIn(`crowd ${number}` as FanId),
      random: pauses,
      fetch: async (url, init) => {
        signal.throwIfAborted();
        return await fetch(url, init);
      },
    });
    // What a fan wants is decided by the fan's number, however the line moves.
    await visit({ client, allowance, random: seededRandom(SEED + number), sleep });
  }

  async function keepComing(): Promise<void> {
    const [soonest, latest] = COMES_AFTER_MS;
    while (!signal.aborted) {
      try {
        await comeAndGo();
        move();
        await sleep(soonest + pauses() * (latest - soonest));
      } catch (error) {
        if (signal.aborted) return;
        move();
        if (!(error instanceof PlaceEndedError)) report({ what: "crowd_failed", error });
        await sleep(COMES_BACK_AFTER_MS).catch(() => {});
      }
    }
  }

  for (let fan = 0; fan < CROWD_SIZE; fan++) void keepComing();
  return { moved, stop: () => stopping.abort() };
}
