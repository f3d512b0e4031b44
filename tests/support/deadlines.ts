import { HANG_MS, waitUntil } from "./wait.ts";

/** Deadlines that expire when the test says so, on a machine of any speed. */
export interface ManualDeadlines {
  /** The deadlines that were asked for, in ms. */
  readonly askedMs: readonly number[];
  /** Resolves when the head of an answer has come to a `fetch()` since the last call of this. */
  headReceived(): Promise<void>;
  /** Ends every deadline that was asked for until now. */
  expire(): void;
}

/**
 * Runs `act` while `AbortSignal.timeout()` gives signals that only `expire()` aborts. Tests of one
 * file run one after the other, and each file has globals of its own.
 */
export async function withManualDeadlines<Value>(
  act: (deadlines: ManualDeadlines) => Promise<Value>,
): Promise<Value> {
  const askedMs: number[] = [];
  const controllers: AbortController[] = [];
  let heads = 0;
  const { timeout } = AbortSignal;
  const ownFetch = globalThis.fetch;
  AbortSignal.timeout = (ms) => {
    const controller = new AbortController();
    askedMs.push(ms);
    controllers.push(controller);
    return controller.signal;
  };
  globalThis.fetch = async (...args: Parameters<typeof fetch>) => {
    const response = await ownFetch(...args);
    heads++;
    return response;
  };
  try {
    return await act({
      askedMs,
      async headReceived() {
        await waitUntil("the head of an answer", () => heads > 0);
        heads = 0;
      },
      expire() {
        const reason = new DOMException("the deadline has expired", "TimeoutError");
        for (const controller of controllers.splice(0)) controller.abort(reason);
      },
    });
  } finally {
    AbortSignal.timeout = timeout;
    globalThis.fetch = ownFetch;
  }
}

let areLengthened = false;

/**
 * Makes every deadline of this process so long that only a hang meets it, for tests over real
 * stores whose subject is not a deadline.
 */
export function lengthenDeadlines(): void {
  if (areLengthened) return;
  areLengthened = true;
  const { timeout } = AbortSignal;
  AbortSignal.timeout = (ms) => timeout.call(AbortSignal, Math.max(ms, HANG_MS));
}
