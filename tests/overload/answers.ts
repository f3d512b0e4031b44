/** What became of the calls of one phase. */
export interface Tally {
  /** By status, and `none` where the deadline passed or the connection failed. */
  readonly statuses: Record<string, number>;
  /** Latencies of all answers in ms. */
  readonly latenciesMs: number[];
}

export interface Answered {
  readonly body: Record<string, unknown> | null;
  /** The code of a refusal. */
  readonly code: string | null;
}

/** A caller who waits for longer is lost. */
const DEADLINE_MS = 30_000;
const MOST_FAULTS = 20;
const OVERLOADED = [429, 503];

/** Judges every answer: only a refusal for overload, or one that the call may get, is right. */
export class Answers {
  readonly faults: string[] = [];
  payments = 0;
  tally: Tally = { statuses: {}, latenciesMs: [] };

  /** Ends a phase, and gives what was counted in it. */
  finish(): Tally {
    const { tally } = this;
    this.tally = { statuses: {}, latenciesMs: [] };
    return tally;
  }

  async take(url: string, init: RequestInit, refusals: readonly string[]): Promise<Answered> {
    const startedMs = performance.now();
    try {
      const response = await fetch(url, { ...init, signal: AbortSignal.timeout(DEADLINE_MS) });
      const text = await response.text();
      this.tally.latenciesMs.push(performance.now() - startedMs);
      this.#count(String(response.status));
      return this.#judge(url, response, JSON.parse(text), refusals);
    } catch (error) {
      if (error instanceof SyntaxError) this.#fault(`${url}: a body that is not JSON`);
      this.#count("none");
      return { body: null, code: null };
    }
  }

  #judge(
    url: string,
    { status, ok, headers }: Response,
    body: Record<string, unknown>,
    refusals: readonly string[],
  ): Answered {
    if (ok) return { body, code: null };
    const code = String(body.code);
    const isOverload = OVERLOADED.includes(status);
    if (isOverload && !(Number(headers.get("Retry-After")) > 0)) {
      this.#fault(`${url}: ${status} ${code} without Retry-After`);
    }
    if (!isOverload && !refusals.includes(code)) this.#fault(`${url}: ${status} ${code}`);
    return { body: null, code };
  }

  #count(status: string): void {
    const { statuses } = this.tally;
    statuses[status] = (statuses[status] ?? 0) + 1;
  }

  #fault(text: string): void {
    if (this.faults.length < MOST_FAULTS) this.faults.push(text);
  }
}
