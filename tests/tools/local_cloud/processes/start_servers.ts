import { startPostgresServer } from "../../../../src/tools/local_cloud/postgres/server.ts";
import { startRedisServer } from "../../../../src/tools/local_cloud/redis/server.ts";

// A program that starts the servers it is told to, says so, and never stops them.
const started = [];
if (Deno.args.includes("redis")) started.push((await startRedisServer()).port);
if (Deno.args.includes("postgres")) started.push((await startPostgresServer()).port);
console.log(JSON.stringify(started));
setInterval(() => {}, 1000);
