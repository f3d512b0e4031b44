import { seededRandom } from "../support/random.ts";

/** What the requests to the queue's store are for. */
export const KINDS = [
  "joins",
  "front documents",
  "near polls",
  "proofs",
  "shopping",
  "cache fills",
  "payments",
  "cron",
] as const;
export type Kind = typeof KINDS[number];
/** The simulation itself looks at the line. Nobody pays for it. */
export const MEASURING = "measuring";

/** What fans and the cron send to the Worker. */
export const REQUESTS = ["joins", "polls", "shopping", "cron"] as const;
export type Request = typeof REQUESTS[number];

const MINUTE_MS = 60_000;
const LATER_MS = 20_000;

/** Numbers by name and virtual minute, and their sum by second. */
export class Series<Name extends string> {
  readonly #minutes: Map<Name, number[]>;
  readonly #seconds: number[] = [];

  constructor(names: readonly Name[]) {
    this.#minutes = new Map(names.map((name) => [name, []]));
  }

  add(name: Name, count: number, sinceMs: number): void {
    const minutes = this.#minutes.get(name)!;
    const minute = Math.floor(sinceMs / MINUTE_MS);
    const second = Math.floor(sinceMs / 1000);
    minutes[minute] = (minutes[minute] ?? 0) + count;
    this.#seconds[second] = (this.#seconds[second] ?? 0) + count;
  }

  /** The sum of a name, in all or from one minute to before another. */
  sum(name: Name, from = 0, to = Infinity): number {
    return this.#minutes.get(name)!.slice(from, to).reduce((sum, count) => sum + count, 0);
  }

  total(from = 0, to = Infinity): number {
    return [...this.#minutes.keys()].reduce((sum, name) => sum + this.sum(name, from, to), 0);
  }

  /** The most in one second. */
  peak(from = 0, to = Infinity): number {
    return this.#seconds.slice(from * 60, to * 60).reduce(
      (most, count) => Math.max(most, count),
      0,
    );
  }

  toJSON(): Record<string, unknown> {
    const minutes = [...this.#minutes].map((
      [name, counts],
    ) => [name, Array.from(counts, (n) => n ?? 0)]);
    return { ...Object.fromEntries(minutes), peakASecond: this.peak() };
  }
}

/** The traffic of a sale. */
export class Traffic {
  readonly worker = new Series<Request>(REQUESTS);
  readonly store = new Series<Kind>(KINDS);
  readonly commands = new Series<Kind>(KINDS);
  /** Since the beginning of the sale. */
  sinceMs = 0;
  /** Requests to the store that were made. */
  requests = 0;
  /** What requests to the store are for that do not tell it themselves. */
  purpose: Kind | null = null;
  /** What the latest request to the store is for. */
  kind: Kind | typeof MEASURING = MEASURING;
  /** A played call of a shopper stands for so many others. */
  readonly #standsFor: number;
  readonly #random = seededRandom(1);

  constructor({ shoppers }: { readonly shoppers: number }) {
    this.#standsFor = shoppers > 0 ? Math.round(1 / shoppers) - 1 : 0;
  }

  asked(request: Request, count = 1): void {
    this.worker.add(request, count, this.sinceMs);
  }

  /** Requests that begin within `act` have this purpose. */
  during<Value>(purpose: Kind, act: () => Value): Value {
    this.purpose = purpose;
    const value = act();
    this.purpose = null;
    return value;
  }

  /** A request to the store begins. */
  begin(kind: Kind): void {
    this.kind = kind;
    this.requests++;
    this.#add(this.store, kind, 1);
  }

  ran(kind: Kind | typeof MEASURING, commands: number): void {
    if (kind === MEASURING) return;
    this.#add(this.commands, kind, commands);
  }

  /** The others make their calls a little later, not all in the same second. */
  #add(series: Series<Kind>, kind: Kind, count: number): void {
    series.add(kind, count, this.sinceMs);
    if (kind !== "shopping") return;
    for (let left = this.#standsFor; left > 0; left--) {
      series.add(kind, count, this.sinceMs + this.#random() * LATER_MS);
    }
  }
}
