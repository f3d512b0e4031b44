import type { OperatorLine, RoomNotice } from "./answers.ts";
import type { Seen } from "./seen.ts";
import { Stopped, type Stopper } from "./stopper.ts";
import type { Wire } from "./wire.ts";

const SAMPLE_EVERY_MS = 200;
/** Samples from one look at the draw to the next. */
const DRAW_EVERY = 5;

export interface WatchParts {
  readonly wire: Wire;
  readonly seen: Seen;
  readonly stopper: Stopper;
  readonly operatorToken: string;
  readonly room: string;
  /** Whether fans gather before the opening. */
  readonly hasLobby: boolean;
  readonly now: () => number;
  readonly onSample: () => void;
}

/** Looks at the line as the operator does; gives whether there was an answer. */
export async function sample(
  { wire, seen, operatorToken, room, now, onSample }: WatchParts,
): Promise<boolean> {
  const answer = await wire.send<OperatorLine>({
    name: "operator: line",
    method: "GET",
    path: `/v1/admin/queue?room=${room}`,
    bearer: operatorToken,
  });
  if (!answer?.ok) return false;
  const { epoch, waiting, admitted, parked, capacity, admittedLastMinute } = answer.body;
  const line = { waiting, admitted, parked, capacity, admittedLastMinute };
  seen.samples.push({ atMs: now(), ...line, sold: seen.sold });
  if (epoch !== null) seen.epochs.add(epoch);
  if (seen.epochs.size > 1) seen.lineWasReset = true;
  onSample();
  return true;
}

/** Looks at the draw as everybody does; gives its seed, if that is told. */
export async function sampleDraw(
  { wire, seen, room }: Pick<WatchParts, "wire" | "seen" | "room">,
): Promise<string | null> {
  const path = `/v1/rooms/${room}`;
  const answer = await wire.ask<RoomNotice>({ name: "room", method: "GET", path });
  if (!answer?.ok) return null;
  const { draw } = answer.body;
  seen.draws.push({ draw, receivedAtMs: answer.receivedAtMs });
  return draw?.seed ?? null;
}

/** Goes on looking until the rush is stopped. */
export async function watch(parts: WatchParts): Promise<void> {
  try {
    let seed: string | null = null;
    for (let looks = 1; !parts.stopper.stopped; looks++) {
      await sample(parts);
      if (parts.hasLobby && seed === null && looks % DRAW_EVERY === 0) {
        seed = await sampleDraw(parts);
      }
      await parts.stopper.sleep(SAMPLE_EVERY_MS);
    }
  } catch (error) {
    if (!(error instanceof Stopped)) throw error;
  }
}
