import type { OperatorLine } from "./answers.ts";
import type { Seen } from "./seen.ts";
import { Stopped, type Stopper } from "./stopper.ts";
import type { Wire } from "./wire.ts";

const SAMPLE_EVERY_MS = 200;

export interface WatchParts {
  readonly wire: Wire;
  readonly seen: Seen;
  readonly stopper: Stopper;
  readonly operatorToken: string;
  readonly now: () => number;
  readonly onSample: () => void;
}

/** Looks at the line as the operator does; gives whether there was an answer. */
export async function sample(
  { wire, seen, operatorToken, now, onSample }: WatchParts,
): Promise<boolean> {
  const answer = await wire.send<OperatorLine>({
    name: "operator: line",
    method: "GET",
    path: "/v1/admin/queue",
    bearer: operatorToken,
  });
  if (!answer?.ok) return false;
  const { waiting, admitted, parked, capacity, epoch } = answer.body;
  seen.samples.push({ atMs: now(), waiting, admitted, parked, capacity, sold: seen.sold });
  if (epoch !== null) seen.epochs.add(epoch);
  if (seen.epochs.size > 1) seen.lineWasReset = true;
  onSample();
  return true;
}

/** Goes on looking until the rush is stopped. */
export async function watch(parts: WatchParts): Promise<void> {
  try {
    while (!parts.stopper.stopped) {
      await sample(parts);
      await parts.stopper.sleep(SAMPLE_EVERY_MS);
    }
  } catch (error) {
    if (!(error instanceof Stopped)) throw error;
  }
}
