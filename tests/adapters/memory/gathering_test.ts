import assert from "node:assert/strict";
import { QUEUE_BOUNDS } from "../../../src/domain/queue_bounds.ts";
import { crowd, gather, inDrawOrder, published } from "../../contract/queue_store/drawing.ts";
import { scene, TEST_DRAW, type TestSettings } from "../../contract/queue_store/harness.ts";
import { memoryLines } from "../../models/memory.ts";

const DRAW_BATCH = QUEUE_BOUNDS.drawBatch;
const LOBBY = { state: "LOBBY", draw: TEST_DRAW } as const;
const NEXT_DRAW = { ...TEST_DRAW, id: "draw-2", seed: "0ddb".repeat(16) };

async function line(settings: Partial<TestSettings>) {
  return scene(await memoryLines()(settings));
}

Deno.test("a crowd draws its tickets in bounded shares, each fan once", async () => {
  const made = await line({ ...LOBBY, opensAtMs: Date.UTC(2030, 0, 1, 1) });
  const size = 10 * DRAW_BATCH + 7;
  const inOrder = inDrawOrder(TEST_DRAW, await gather(made, ...crowd(size)));
  made.clock.advance(3_600_000);
  for (let left = size; left > 0; left -= DRAW_BATCH) {
    const { more } = await made.promote();
    assert.equal(more, left > DRAW_BATCH);
    assert.equal((await published(made)).length, Math.min(size, size - left + DRAW_BATCH));
  }
  const listed = (await published(made)).map(({ pseudonym }) => pseudonym);
  assert.deepEqual(listed, inOrder.map(({ pseudonym }) => pseudonym));
});

Deno.test("fans who gathered for an earlier draw have its tickets when another draw comes", async () => {
  const made = await line(LOBBY);
  const inOrder = inDrawOrder(TEST_DRAW, await gather(made, "ann", "bob", "cat"));
  await made.changeRules({ state: "HELD" });
  await made.changeRules({ state: "LOBBY", draw: NEXT_DRAW });
  for (const [rank, { place }] of inOrder.entries()) assert.equal(await made.ahead(place), rank);
  const [dan] = await gather(made, "dan");
  await made.changeRules({ state: "HELD" });
  assert.equal(await made.ahead(dan!.place), 3);
});

Deno.test("a lobby without a draw lets nobody join: no order of it would be fair", async () => {
  const made = await line({ state: "LOBBY" });
  const refusal = { refused: "CLOSED", state: "LOBBY", opensAtMs: null };
  assert.deepEqual(await made.tryJoin("ann"), refusal);
  assert.equal((await made.counts()).gathered, 0);
});

Deno.test("tokens of a drawn place that ended do not work for a later place of the fan", async () => {
  const made = await line({ ...LOBBY, waitingTtlMs: 60_000 });
  const [ann] = await gather(made, "ann", "bob");
  await made.changeRules({ state: "HELD" });
  await made.promote();
  made.clock.advance(60_000);
  const fresh = await made.join("ann");
  assert.ok(fresh.created && fresh.place.order > 0);
  assert.equal(await made.state(ann!.place), "GONE");
  await made.queue.leave(fresh.place);
  await made.changeRules({ state: "LOBBY", draw: NEXT_DRAW });
  const [again] = await gather(made, "ann");
  for (const old of [ann!.place, fresh.place]) assert.equal(await made.state(old), "GONE");
  await made.changeRules({ state: "HELD" });
  assert.equal(await made.state(ann!.place), "GONE");
  assert.equal(await made.ahead(again!.place), 0);
});
