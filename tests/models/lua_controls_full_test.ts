import { equal, match } from "node:assert/strict";
import { type DirectRedis, directRedis } from "../support/direct_redis.ts";
import { startTestRedis, testOfRealRedis, type TestRedis } from "../support/redis.ts";
import { firstBreach } from "./histories.ts";
import { LUA_MUTATIONS } from "./lua_mutations.ts";
import { mutatedRedisLine } from "./mutated_lines.ts";
import type { Mutation } from "./mutations.ts";

/** As for the line in memory: each guard is taken out of a copy of the scripts. */
const RUN = { seed: 20_300_101, count: 600 };
const SOUND_RUN = { ...RUN, count: 20 };

let folder: string | undefined;
let server: TestRedis | undefined;
let client: DirectRedis | undefined;
let copies = 0;

Deno.test.beforeAll(async () => {
  folder = await Deno.makeTempDir({ prefix: "stanchion-scripts-" });
  server = await startTestRedis();
  client = directRedis(server);
});
Deno.test.afterAll(async () => {
  client?.close();
  await server?.stop();
  if (folder) await Deno.remove(folder, { recursive: true });
});

const lineOf = (mutation: Mutation | null) =>
  mutatedRedisLine(`${folder}/${++copies}`, mutation, () => client!);

testOfRealRedis("line in Redis: unmutated scripts break no law", async () => {
  equal(await firstBreach(await lineOf(null), /./, SOUND_RUN), null);
});

for (const mutation of LUA_MUTATIONS) {
  testOfRealRedis(`line in Redis without "${mutation.guard}" fails`, async () => {
    const run = { ...RUN, from: mutation.from };
    const breach = await firstBreach(await lineOf(mutation), mutation.law, run);
    match(breach ?? "nothing was noticed", mutation.law);
  });
}
