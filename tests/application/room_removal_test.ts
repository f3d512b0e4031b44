import assert from "node:assert/strict";
import type { Stores } from "../../src/composition/stores.ts";
import { DependencyError } from "../../src/domain/failures.ts";
import { newFan } from "../support/api_box.ts";
import { type Box, openBox } from "../support/box.ts";
import { openTestDatabase } from "../support/embedded_database.ts";
import { joinRoom, makeRoom, standing } from "../support/room.ts";
import { putOnSale } from "../support/sale.ts";

/** What comes between two steps of a removal; a step is one call to one store. */
type Between = () => Promise<unknown>;

const database = await openTestDatabase();
Deno.test.afterAll(() => database.close());

/** A box in which something happens before, or instead of, one step. Each test has its own room. */
async function boxWithSteps(run: (box: Box, steps: Steps) => Promise<void>): Promise<void> {
  const steps = createSteps();
  await run(openBox(database.sql, { wrap: steps.wrap }), steps);
}
type Steps = ReturnType<typeof createSteps>;

function createSteps() {
  let at = Infinity;
  let taken: string[] = [];
  let between: Between | null = null;
  function watched<Port extends object>(name: string, port: Port): Port {
    type Methods = Record<string, (...args: never[]) => Promise<unknown>>;
    const methods = Object.entries(port as unknown as Methods).map(([method, act]) => {
      const step = async (...args: never[]) => {
        taken.push(`${name}.${method}`);
        if (taken.length - 1 === at) {
          at = Infinity;
          await between!();
        }
        return await act(...args);
      };
      return [method, step] as const;
    });
    return Object.fromEntries(methods) as unknown as Port;
  }
  return {
    wrap: (stores: Stores): Stores => ({
      ...stores,
      queue: watched("queue", stores.queue),
      rooms: watched("rooms", stores.rooms),
      cache: watched("cache", stores.cache),
    }),
    /** Puts this before the step of that number, from now on. */
    before(step: number, act: Between): void {
      taken = [];
      at = step;
      between = act;
    },
    get taken() {
      return taken;
    },
  };
}

const remove = (box: Box, room: string) =>
  box.call("DELETE", `/v1/admin/rooms/${room}`, { operator: true });

const STEPS = [
  "rooms.find",
  "queue.counts",
  "rooms.checkRemoval",
  "queue.sealRoom",
  "rooms.remove",
  "queue.removeRoom",
  "cache.evict",
];

/** Whether a fan may join, and what everybody and the operator see. */
async function seen(box: Box, room: string) {
  const fan = newFan("probe");
  const joined = (await joinRoom(box, room, fan)).status;
  const statuses = [
    joined,
    (await box.call("GET", `/v1/rooms/${room}`)).status,
    (await box.call("GET", `/v1/queue?room=${room}`)).status,
    (await box.call("GET", `/v1/admin/rooms/${room}`, { operator: true })).status,
  ];
  return statuses.join(" ");
}

Deno.test("a removal takes these steps", async () => {
  await boxWithSteps(async (box, steps) => {
    const room = await makeRoom(box);
    steps.before(Infinity, () => Promise.resolve());
    assert.equal((await remove(box, room)).status, 200);
    assert.deepEqual(steps.taken, STEPS);
  });
});

for (const [number, step] of STEPS.entries()) {
  Deno.test(`a removal that dies before ${step} leaves the room as it was or deleted, within a minute`, async () => {
    await boxWithSteps(async (box, steps) => {
      const room = await makeRoom(box);
      await box.call("GET", `/v1/rooms/${room}`); // It is cached.
      steps.before(number, () => Promise.reject(new DependencyError("redis", new Error("gone"))));
      assert.equal((await remove(box, room)).status, 503);
      box.clock.advance(60_000);
      const isDeleted = number > STEPS.indexOf("rooms.remove");
      const expected = isDeleted ? "404 404 404 404" : "201 200 200 200";
      assert.equal(await seen(box, room), expected);
      if (isDeleted) assert.equal((await remove(box, room)).status, 404);
    });
  });

  Deno.test(`a fan who joins before ${step} is in a room that stays, or in none`, async () => {
    await boxWithSteps(async (box, steps) => {
      const room = await makeRoom(box);
      let joined = 0;
      let place = "";
      steps.before(number, async () => {
        const answer = await joinRoom(box, room, newFan("late"));
        joined = answer.status;
        place = answer.body.token;
      });
      const { status } = await remove(box, room);
      assert.deepEqual([joined, status], joined === 201 ? [201, 409] : [404, 200]);
      if (joined === 201) assert.equal((await standing(box, place)).state, "ADMITTED");
      assert.equal((await box.call("GET", `/v1/rooms/${room}`)).status, joined === 201 ? 200 : 404);
    });
  });

  Deno.test(`a concert that comes before ${step} keeps the room, or is refused`, async () => {
    await boxWithSteps(async (box, steps) => {
      const room = await makeRoom(box);
      const { concertId } = await putOnSale(box);
      let came = 0;
      steps.before(number, async () => {
        const path = `/v1/admin/concerts/${concertId}`;
        came = (await box.call("PATCH", path, { operator: true, json: { room } })).status;
      });
      const { status } = await remove(box, room);
      assert.deepEqual([came, status], came === 200 ? [200, 409] : [404, 200]);
      box.clock.advance(60_000);
      assert.equal((await joinRoom(box, room, newFan("a"))).status, came === 200 ? 201 : 404);
    });
  });
}

Deno.test("a room whose keys outlived its deletion ends with the next cron, and its fans with it", async () => {
  await boxWithSteps(async (box, steps) => {
    const room = await makeRoom(box);
    // The deletion is committed late, when the seal has ended and a fan is in the line.
    let place = "";
    steps.before(STEPS.indexOf("rooms.remove"), async () => {
      box.clock.advance(60_000);
      place = (await joinRoom(box, room, newFan("a"))).body.token;
      steps.before(0, () => Promise.reject(new DependencyError("redis", new Error("gone"))));
    });
    assert.equal((await remove(box, room)).status, 503);
    assert.equal((await standing(box, place)).state, "ADMITTED");
    await box.tick();
    assert.deepEqual([(await standing(box, place)).state], ["GONE"]);
    assert.equal(await seen(box, room), "404 404 404 404");
  });
});
