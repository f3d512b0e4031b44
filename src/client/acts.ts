import { type Received, untilAnswered } from "./attempts.ts";
import type { Environment } from "./environment.ts";
import { parsed } from "./parsed.ts";

/** What must not happen twice. */
export type ActKind = "pay" | "charge" | "hold";

/** An act whose answer was lost. Do it again, with the same body: it happens once. */
export interface UnfinishedAct {
  readonly act: ActKind;
  readonly body: unknown;
  /** When it was first sent, in milliseconds since 1970. */
  readonly at: number;
}

interface KeptAct extends UnfinishedAct {
  readonly key: string;
}

/** The server remembers a key for 24 hours at least. */
const KEPT_FOR_MS = 23 * 3_600_000;
const MOST_KEPT = 20;

export interface Acts {
  /** Sends with a key that is the same until an answer has arrived, also after a reload. */
  send<Answer extends Received>(
    act: ActKind,
    body: unknown,
    send: (key: string, signal: AbortSignal) => Promise<Answer>,
  ): Promise<Answer>;
  unfinished(): Promise<UnfinishedAct[]>;
}

/** Keeps the keys under the name, which is that of one fan. */
export function createActs(environment: Environment, nameOf: () => Promise<string>): Acts {
  const { clock, storage, random, locks } = environment;
  let turn: Promise<unknown> = Promise.resolve();
  /** By name, what could not be stored, and the keys that it replaces in the storage. */
  const unsaved = new Map<string, [acts: KeptAct[], over: string[]]>();

  async function change(edit: (acts: KeptAct[]) => KeptAct[]): Promise<KeptAct[]> {
    const name = await nameOf();
    const rewrite = async () => {
      const stored = parsed<KeptAct[]>(await storage.getItem(name)) ?? [];
      const [mine, over] = unsaved.get(name) ?? [[], []];
      const known = [...stored.filter(({ key }) => !over.includes(key)), ...mine].slice(-MOST_KEPT);
      const acts = edit(known.filter(({ at }) => clock.now() - at < KEPT_FOR_MS));
      const saving = acts.length === 0
        ? storage.removeItem(name)
        : storage.setItem(name, JSON.stringify(acts));
      if (await saving) unsaved.delete(name);
      else unsaved.set(name, [acts, [...stored, ...acts].map(({ key }) => key)]);
      return acts;
    };
    // Neither another call nor another tab writes between the reading and the writing.
    const mine = turn.then(() => locks ? locks.request(name, {}, rewrite) : rewrite());
    turn = mine.catch(() => {});
    return await mine as KeptAct[];
  }

  return {
    async send(act, body, send) {
      const same = canonical(act, body);
      const isSame = (kept: KeptAct) => canonical(kept.act, kept.body) === same;
      let resumed = true;
      const acts = await change((known) => {
        if (known.some(isSame)) return known;
        resumed = false;
        return [...known, { act, body, at: clock.now(), key: newKey(random) }];
      });
      const { key } = acts.find(isSame)!;
      const { lost, received } = await untilAnswered(
        environment,
        (signal) => send(key, signal),
      );
      // Credentials and the admission are checked before the key is: if an answer was lost, such a
      // refusal does not say whether the act is done.
      const undecided = (resumed || lost) && [401, 403].includes(received.response.status);
      if (lost !== undefined && !undecided) {
        await change((known) => known.filter((kept) => kept.key !== key));
      }
      return received;
    },
    unfinished: async () => (await change((known) => known)).map(({ key: _, ...act }) => act),
  };
}

/** The server compares lists as sets, and members whatever their order. */
function canonical(act: ActKind, body: unknown): string {
  return act + JSON.stringify(body, (_, value) => {
    if (Array.isArray(value)) return [...value].sort();
    return value && typeof value === "object"
      ? Object.fromEntries(Object.entries(value).sort())
      : value;
  });
}

/** Random where it can be: React Native and pages without https have no `randomUUID`. */
function newKey(random: () => number): string {
  const { crypto } = globalThis as { crypto?: { randomUUID?: () => string } };
  return crypto?.randomUUID?.() ??
    [1, 2, 3, 4].map(() => random()).join();
}
