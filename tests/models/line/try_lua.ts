import { firstBreach } from "../histories.ts";
import { mutatedRedisLine } from "../mutated_lines.ts";
import { mutate } from "../mutants.ts";
import { LUA_MUTATIONS } from "../lua_mutations.ts";
import { startTestRedis } from "../../support/redis.ts";
import { directRedis } from "../../support/direct_redis.ts";
const [filter = ".", count = "300", seed = "20300101"] = Deno.args;
const server = await startTestRedis();
const client = directRedis(server);
const folder = await Deno.makeTempDir();
let i = 0;
for (const m of LUA_MUTATIONS.filter((m) => new RegExp(filter).test(m.guard))) {
  try {
    await mutate(m);
  } catch (e) {
    console.log("BROKEN", m.guard, (e as Error).message.split("\n")[0]);
    continue;
  }
  let n = 0;
  const t = performance.now();
  const h = await mutatedRedisLine(`${folder}/${++i}`, m, () => client);
  let breach: string | null;
  try {
    breach = await firstBreach({ ...h, play: (x) => (n++, h.play(x)) }, m.law, {
      seed: Number(seed),
      count: Number(count),
    });
  } catch (e) {
    breach = "FAULT " + ((e as Error).cause as Error)?.stack?.slice(0, 500);
  }
  console.log(
    breach ? "found " : "MISSED",
    String(n).padStart(5),
    ((performance.now() - t) / 1000).toFixed(1).padStart(6) + " s",
    m.guard,
    "|",
    breach?.slice(0, 160),
  );
}
client.close();
await server.stop();
Deno.exit(0);
