/** Far beyond what any machine needs: only what hangs takes this long. */
export const HANG_MS = 120_000;
const POLL_MS = 2;

export function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** Asks until `isDone` answers true. Fails with `what` after `HANG_MS`. */
export async function waitUntil(
  what: string,
  isDone: () => boolean | Promise<boolean>,
): Promise<void> {
  const startedMs = performance.now();
  while (!await isDone()) {
    if (performance.now() - startedMs > HANG_MS) {
      throw new Error(`waited ${HANG_MS / 1000} s in vain: ${what}`);
    }
    await sleep(POLL_MS);
  }
}

/** The outcome of `task`. Fails with `what` after `hangMs`. */
export async function withoutHang<Value>(
  what: string,
  task: Promise<Value>,
  hangMs = HANG_MS,
): Promise<Value> {
  const { promise: hang, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => reject(new Error(`waited ${hangMs / 1000} s in vain: ${what}`)),
    hangMs,
  );
  try {
    return await Promise.race([task, hang]);
  } finally {
    clearTimeout(timer);
  }
}
