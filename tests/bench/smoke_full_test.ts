/** The smoke runs that take long: a large seeded database, and a bundle of the Worker. */
import { testOfRealRedis } from "../support/redis.ts";
import { measureHttpPolls, WORKERD_SMOKE } from "./http_polls.ts";
import { SECTIONS } from "./sections.ts";

Deno.test("section statements measures something", async () => {
  await SECTIONS.statements.run("smoke", () => {});
});

testOfRealRedis("section httpPolls measures something on workerd", async () => {
  await measureHttpPolls(WORKERD_SMOKE);
});
