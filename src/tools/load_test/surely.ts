import type { LostAnswer } from "./character.ts";
import type { Fan, Scene } from "./fan.ts";
import type { Answer, Call } from "./wire.ts";

/** An answer is cut off within this time, so that some requests are at work and some are done. */
const LONGEST_CUT_MS = 40;

export function newKey(fan: Fan): string {
  return `${fan.userId}-${++fan.keys}`;
}

/**
 * Sends what may safely be sent again, losing the first answer or asking twice at once, as the
 * fan's luck is. Two answers of one act must be the same, byte for byte.
 */
export async function surely<Body>(
  fan: Fan,
  scene: Scene,
  call: Call,
  luck: LostAnswer,
): Promise<Answer<Body> | null> {
  if (luck === "cut off") {
    scene.seen.count("answers cut off");
    await scene.wire.send({ ...call, cutOffAfterMs: fan.dice.whole(1, LONGEST_CUT_MS) });
    return await scene.wire.ask(call);
  }
  if (luck === "none") return await scene.wire.ask(call);
  scene.seen.count("sent twice");
  const [first, second] = await Promise.all([
    scene.wire.ask<Body>(call),
    scene.wire.ask<Body>(call),
  ]);
  if (first?.ok && second?.ok && call.key && first.text !== second.text) {
    scene.seen.odd(`idempotency: ${call.name} with one key gave two different answers`);
  }
  return first?.ok ? first : second ?? first;
}
