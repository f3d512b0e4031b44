import assert from "node:assert/strict";
import { PROGRAMME_KEYS } from "../../src/application/cache_keys.ts";
import { createProgramme } from "../../src/application/programme.ts";
import { createReadThrough } from "../../src/application/read_through.ts";
import { memoryCache } from "../../src/adapters/memory/cache.ts";
import { testClock } from "../support/test_clock.ts";

const CONTEXT = { afterAnswer: () => {}, keepAlive: () => {} };
const FIRST_PAGE = { limit: 10, after: null };
const SECOND_MS = 1_000;
const MINUTE_MS = 60_000;

/** A programme over stores of which the test counts the calls. */
function programmeOver(titles: string[]) {
  const clock = testClock();
  const calls = { cache: 0, postgres: 0 };
  const cache = memoryCache({ clock });
  const never = () => new Promise<void>(() => {});
  let ids = 0;
  const report = () => {};
  const programme = createProgramme({
    catalogue: {
      async listProgramme() {
        calls.postgres += 1;
        await Promise.resolve();
        const concerts = titles.map((title, nth) => ({
          concertId: nth + 1,
          title,
          description: "",
          venue: null,
          timeZone: "UTC",
          room: "main",
          schedules: [],
        }));
        const value = { after: 0, last: 0, concerts };
        return { value, changesInMs: null } as unknown as Awaited<
          ReturnType<Parameters<typeof createProgramme>[0]["catalogue"]["listProgramme"]>
        >;
      },
    },
    cache: { read: (key) => (calls.cache += 1, cache.read(key)) },
    readThrough: createReadThrough({
      cache,
      clock,
      newId: () => `lease-${ids += 1}`,
      random: () => 0,
      sleep: never,
      report,
    }),
    ttlMs: 300 * SECOND_MS,
    clock,
    sleep: never,
    report,
  });
  const titlesNow = async () =>
    (await programme.page(CONTEXT, FIRST_PAGE)).concerts.map(({ title }) => title);
  return { programme, cache, clock, titlesNow, taken: () => ({ ...calls }), titles };
}

Deno.test("a thousand readers of the programme make one call to the cache a second", async () => {
  const { titlesNow, clock, taken } = programmeOver(["Ode"]);
  for (const second of [1, 2]) {
    const all = await Promise.all(Array.from({ length: 1_000 }, titlesNow));
    assert.ok(all.every(([title]) => title === "Ode"));
    assert.deepEqual(taken(), { cache: second, postgres: 1 });
    clock.advance(SECOND_MS);
  }
});

Deno.test("names of blocks that do not exist cost no call of their own", async () => {
  const { programme, taken } = programmeOver(["Ode"]);
  for (let block = 0; block < 200; block++) {
    const after = { block, concertId: 0 };
    const { concerts, next } = await programme.page(CONTEXT, { limit: 10, after });
    assert.deepEqual([concerts.map(({ title }) => title), next], [["Ode"], null]);
  }
  assert.deepEqual(taken(), { cache: 1, postgres: 1 });
});

Deno.test("an eviction that was lost hides a concert for an hour at most", async () => {
  const { titlesNow, clock, titles } = programmeOver([]);
  assert.deepEqual(await titlesNow(), []);
  titles.push("Ode");
  clock.advance(60 * MINUTE_MS);
  assert.deepEqual(await titlesNow(), ["Ode"]);
});

Deno.test("an empty programme leaves PostgreSQL asleep, and an eviction ends that", async () => {
  const { programme, titlesNow, clock, taken, titles, cache } = programmeOver([]);
  for (let minute = 0; minute < 59; minute++) {
    assert.deepEqual(await titlesNow(), []);
    clock.advance(MINUTE_MS);
  }
  assert.equal(taken().postgres, 1);
  titles.push("Ode");
  assert.deepEqual(await titlesNow(), []);
  await cache.evict(PROGRAMME_KEYS);
  programme.forget();
  assert.deepEqual(await titlesNow(), ["Ode"]);
});
