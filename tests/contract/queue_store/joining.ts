import assert from "node:assert/strict";
import { ticketOf } from "../../../src/domain/queue.ts";
import type { ContractTest } from "./harness.ts";

export function joiningContract(test: ContractTest): void {
  test(
    "`join()` admits at once when a slot is free and nobody waits",
    { capacity: 2 },
    async (line) => {
      const { created, place, standing } = await line.join("ann");
      assert.equal(created, true);
      assert.deepEqual([place.room, place.fan, ticketOf(place.order)], ["main", "ann", 1]);
      const expiresAtMs = line.clock() + line.settings.admissionTtlMs;
      assert.deepEqual(standing, line.admitted(place.order, expiresAtMs));
      assert.equal((await line.counts()).admitted, 1);
    },
  );

  test("`join()` returns the same place again", {}, async (line) => {
    await line.arrive("house", "ann");
    const first = await line.join("bob");
    const again = await line.join("bob");
    assert.equal(first.created, true);
    assert.deepEqual(again, { ...first, created: false });
    assert.equal((await line.counts()).waiting, 2);
  });

  test("`join()` of an admitted fan returns the same admission again", {}, async (line) => {
    const first = await line.join("ann");
    line.clock.advance(1000);
    const again = { ...first, created: false, standing: line.again(first.standing) };
    assert.deepEqual(await line.join("ann"), again);
    assert.equal((await line.counts()).admitted, 1);
  });

  test("the first waiting fan has nobody ahead", {}, async (line) => {
    await line.arrive("house");
    const { place, standing } = await line.join("ann");
    assert.equal(standing.state, "WAITING");
    assert.equal(standing.ahead, 0);
    assert.equal(standing.positionIs, "EXACT");
    assert.equal(standing.provenAtMs, line.clock());
    assert.equal(standing.expiresAtMs, line.clock() + line.settings.waitingTtlMs);
    assert.deepEqual(await line.queue.status(place), standing);
  });

  test("fans of one millisecond are in the order of joining", {}, async (line) => {
    const places = await line.arrive("house", "zoe", "ann", "mia", "bob");
    assert.deepEqual(places.map((place) => ticketOf(place.order)), [1, 2, 3, 4, 5]);
    const ahead = [];
    for (const place of places.slice(1)) ahead.push(await line.ahead(place));
    assert.deepEqual(ahead, [0, 1, 2, 3]);
  });

  test("a fan's id may hold any characters", {}, async (line) => {
    const names = ["*", "a*", "a", "a b", "a:b", "{a}", "a\nb", "1", "__proto__", "é", "🎫", "A"];
    await line.arrive("house", ...names);
    assert.equal((await line.counts()).waiting, names.length);
    for (const [ahead, fan] of names.entries()) {
      const { created, place, standing } = await line.join(fan);
      assert.equal(created, false);
      assert.equal(place.fan, fan);
      assert.equal(standing.state === "WAITING" && standing.ahead, ahead);
    }
  });
}
