import type { OperatorQueue, PublicRoom } from "../api/answers.ts";
import type { HttpClient } from "../api/http_client.ts";
import { Stopped, type StopSwitch } from "../api/stop_switch.ts";
import type { Observations } from "../observations.ts";

const SAMPLE_INTERVAL_MS = 200;
/** One reading of the draw in so many samples. */
const SAMPLES_PER_DRAW = 5;

export interface SamplerParts {
  readonly client: HttpClient;
  readonly observations: Observations;
  readonly stopSwitch: StopSwitch;
  readonly operatorToken: string;
  readonly room: string;
  readonly hasLobby: boolean;
  readonly now: () => number;
  readonly onSample: () => void;
}

/** Takes one sample of the queue. A lost answer is skipped: the next sample follows soon. */
export async function sampleQueue(
  { client, observations, operatorToken, room, now, onSample }: SamplerParts,
): Promise<void> {
  const answer = await client.sendOnce<OperatorQueue>({
    name: "operator: queue",
    method: "GET",
    path: `/v1/admin/queue?room=${room}`,
    bearer: operatorToken,
  });
  if (!answer?.ok) return;
  const { epoch, waiting, admitted, parked, capacity, admittedLastMinute } = answer.body;
  const queue = { waiting, admitted, parked, capacity, admittedLastMinute };
  observations.samples.push({ atMs: now(), ...queue, sold: observations.sold });
  if (epoch !== null) observations.epochs.add(epoch);
  if (observations.epochs.size > 1) observations.queueWasReset = true;
  onSample();
}

/** Reads the public answer about the draw. Returns the seed; null while it is not published. */
export async function sampleDraw(
  { client, observations, room }: Pick<SamplerParts, "client" | "observations" | "room">,
): Promise<string | null> {
  const path = `/v1/rooms/${room}`;
  const answer = await client.send<PublicRoom>({ name: "room", method: "GET", path });
  if (!answer.ok) return null;
  const { draw } = answer.body;
  observations.draws.push({ draw, receivedAtMs: answer.receivedAtMs });
  return draw?.seed ?? null;
}

/** Samples the queue, and the draw until its seed is known, until the stop. */
export async function runSampler(parts: SamplerParts): Promise<void> {
  try {
    let seed: string | null = null;
    for (let samples = 1; !parts.stopSwitch.stopped; samples++) {
      await sampleQueue(parts);
      if (parts.hasLobby && seed === null && samples % SAMPLES_PER_DRAW === 0) {
        seed = await sampleDraw(parts);
      }
      await parts.stopSwitch.sleep(SAMPLE_INTERVAL_MS);
    }
  } catch (error) {
    if (!(error instanceof Stopped)) throw error;
  }
}
