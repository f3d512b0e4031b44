import type { Answer, Call } from "../api/call.ts";
import type { Fan, SaleContext } from "./fan.ts";
import type { SendFault } from "./fan_traits.ts";

/** Short enough that some requests are still at work when their answer is cut off. */
const LONGEST_CUT_MS = 40;

export function nextIdempotencyKey(fan: Fan): string {
  return `${fan.userId}-${++fan.keys}`;
}

/**
 * Sends an idempotent call with a fault of the client: the first answer is cut off, or the call is
 * sent twice at once. Two answers to one idempotency key must be equal, byte for byte.
 */
export async function sendWithFaults<Body>(
  fan: Fan,
  { client, observations }: SaleContext,
  call: Call,
  fault: SendFault,
): Promise<Answer<Body>> {
  if (fault === "none") return await client.send(call);
  if (fault === "cut off") {
    observations.count("answers cut off");
    await client.sendOnce({ ...call, abortAfterMs: fan.random.whole(1, LONGEST_CUT_MS) });
    return await client.send(call);
  }
  observations.count("sent twice");
  const [first, second] = await Promise.all([
    client.send<Body>(call),
    client.send<Body>(call),
  ]);
  if (first.ok && second.ok && call.idempotencyKey && first.text !== second.text) {
    observations.addContractFault(
      `idempotency: ${call.name} with one key had two different answers`,
    );
  }
  return first.ok ? first : second;
}
