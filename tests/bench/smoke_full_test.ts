/** The smoke runs that take long: a large seeded database, and a bundle of the Worker. */
import { testOfRealRedis } from "../support/redis.ts";
import { measureHttpPolls, WORKERD_SMOKE } from "./http_polls.ts";
import { measureLargeCatalogue } from "./large_catalogue.ts";
import { SECTIONS } from "./sections.ts";

for (const name of ["statements", "keys"] as const) {
  Deno.test(`section ${name} measures something`, async () => {
    await SECTIONS[name].run("smoke", () => {});
  });
}

testOfRealRedis("section httpPolls measures something on workerd", async () => {
  await measureHttpPolls(WORKERD_SMOKE);
});

Deno.test("measureLargeCatalogue() measures something", async () => {
  const size = {
    concerts: 3,
    datesOfConcert: 2,
    seatsOfDate: 10,
    payments: 200,
    fans: 20,
    holds: 10,
    records: 20,
  };
  await measureLargeCatalogue(size, { calls: 1, print: () => {} });
});
