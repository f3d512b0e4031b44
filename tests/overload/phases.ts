import { type Sale, type Shopper, step } from "./shoppers.ts";

/** Callers in the air at once; a crowd that is larger is not sent, and counted. */
const MOST_IN_AIR = 1_000;
const TICK_MS = 20;

/** The next fans in turn who have no call in the air. */
function turns(shoppers: readonly Shopper[]): () => Shopper | null {
  let at = 0;
  return () => {
    for (let tried = 0; tried < shoppers.length; tried++) {
      const shopper = shoppers[at++ % shoppers.length]!;
      if (!shopper.busy) return shopper;
    }
    return null;
  };
}

async function act(sale: Sale, shopper: Shopper): Promise<void> {
  shopper.busy = true;
  try {
    await step(sale, shopper);
  } finally {
    shopper.busy = false;
  }
}

/** So many callers, each of whom sends the next call when the last one is answered. */
export async function callInTurn(
  sale: Sale,
  shoppers: readonly Shopper[],
  { callers, seconds }: { readonly callers: number; readonly seconds: number },
): Promise<void> {
  const next = turns(shoppers);
  const endMs = performance.now() + seconds * 1000;
  await Promise.all(Array.from({ length: callers }, async () => {
    while (performance.now() < endMs) await act(sale, next()!);
  }));
}

export interface Sent {
  /** Calls that were due while `MOST_IN_AIR` were in the air. */
  readonly notSent: number;
  /** Resolves when the last call in the air has ended. */
  readonly drained: Promise<unknown>;
}

/** So many calls a second, whether the earlier ones are answered or not. */
export async function callAtRate(
  sale: Sale,
  shoppers: readonly Shopper[],
  { perSecond, seconds }: { readonly perSecond: number; readonly seconds: number },
): Promise<Sent> {
  const next = turns(shoppers);
  const inAir = new Set<Promise<void>>();
  const startedMs = performance.now();
  let [sent, notSent] = [0, 0];
  for (let ms = 0; ms < seconds * 1000; ms = performance.now() - startedMs) {
    for (; sent + notSent < ms / 1000 * perSecond;) {
      const shopper = inAir.size < MOST_IN_AIR ? next() : null;
      if (!shopper) notSent++;
      else {
        sent++;
        const call = act(sale, shopper).finally(() => inAir.delete(call));
        inAir.add(call);
      }
    }
    await new Promise((resolve) => setTimeout(resolve, TICK_MS));
  }
  return { notSent, drained: Promise.all(inAir) };
}
