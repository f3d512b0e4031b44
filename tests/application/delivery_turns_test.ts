import { deepEqual, equal, ok } from "node:assert/strict";
import { createDeliveryTurns, type Turn } from "../../src/application/delivery_turns.ts";
import type { WebhookId } from "../../src/domain/ids.ts";
import { testClock } from "../support/test_clock.ts";

const [ONE, OTHER] = ["whk_one", "whk_other"] as const;

function scene() {
  const clock = testClock();
  const turns = createDeliveryTurns({ clock });
  /** As many turns as may begin now. */
  function begin(id: WebhookId): Turn[] {
    const begun: Turn[] = [];
    for (let turn = turns.begin(id); turn && begun.length < 100; turn = turns.begin(id)) {
      begun.push(turn);
    }
    return begun;
  }
  return { clock, turns, begin };
}

Deno.test("a receiver that has not answered has one turn, and another after its end", () => {
  const { turns, begin } = scene();
  const [turn, ...others] = begin(ONE);
  ok(turn);
  equal(others.length, 0);
  deepEqual(turns.full(), [ONE]);
  turn.end();
  deepEqual(turns.full(), []);
  equal(begin(ONE).length, 1);
});

Deno.test("a receiver that answered has four turns at a time, for a minute", () => {
  const { clock, turns, begin } = scene();
  const [first] = begin(ONE);
  first!.answered();
  equal(begin(ONE).length, 3, "besides the first");
  deepEqual(turns.full(), [ONE]);
  first!.end();
  deepEqual(turns.full(), []);
  clock.advance(59_999);
  const [later] = [turns.begin(ONE), turns.begin(ONE)];
  ok(later);
  deepEqual(turns.full(), [], "turns of half a minute ago are over");
  clock.advance(1);
  deepEqual(turns.full(), [ONE], "nothing was answered for a minute");
});

Deno.test("a turn whose run was cut off is over after half a minute", () => {
  const { clock, turns, begin } = scene();
  equal(begin(ONE).length, 1);
  clock.advance(29_999);
  equal(begin(ONE).length, 0);
  deepEqual(turns.full(), [ONE]);
  clock.advance(1);
  deepEqual(turns.full(), []);
  equal(begin(ONE).length, 1);
});

Deno.test("an isolate has twenty turns at a time, and each receiver its own", () => {
  const { turns, begin } = scene();
  const ids = Array.from({ length: 21 }, (_, number) => `whk_${number}` as const);
  const begun = ids.map(begin);
  deepEqual(begun.map(({ length }) => length), [...Array(20).fill(1), 0]);
  equal(turns.full().length, 20);
  begun[0]![0]!.end();
  equal(begin(ONE).length, 1);
  equal(begin(OTHER).length, 0);
});
