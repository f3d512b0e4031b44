import { startPostgresServer } from "../../../../src/tools/local_cloud/postgres/server.ts";
import { startRedisServer } from "../../../../src/tools/local_cloud/redis/server.ts";

/** A program that starts the servers that its arguments name, prints their ports, never stops them. */
const ports = [];
if (Deno.args.includes("redis")) ports.push((await startRedisServer()).port);
if (Deno.args.includes("postgres")) ports.push((await startPostgresServer()).port);
console.log(JSON.stringify(ports));
setInterval(() => {}, 1000);
