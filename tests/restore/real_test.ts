import assert from "node:assert/strict";
import pg from "pg";
import { passLostIds } from "../../src/adapters/postgres/lost_ids.ts";
import { clientSql } from "../../src/adapters/postgres/sql.ts";
import { startNeonEndpoint } from "../../src/tools/local_cloud/neon/endpoint.ts";
import { digestOf } from "../adapters/upstash/published_list.ts";
import { assertLaws } from "../contract/box_office/laws.ts";
import { tablesWith } from "../contract/fan_erasure/search.ts";
import { newFan } from "../support/api_box.ts";
import { startTestPostgres } from "../support/postgres_server.ts";
import { redisCommand } from "../support/redis_keys.ts";
import { openRemoteBox, type RemoteBox } from "../support/remote_box.ts";
import { standing } from "../support/room.ts";
import { charge, holdSeats, pay, putOnSale, type Sale } from "../support/sale.ts";
import { openUpstash } from "../support/upstash.ts";

const operator = true;
const TO_CONCERT_MS = 31 * 86_400_000;

/** The production path over a database that is replaced under it, as a provider does. */
async function openCloud() {
  const [postgres, upstash] = await Promise.all([startTestPostgres(), openUpstash()]);
  const database = await postgres.createDatabase(1);
  const url = new URL(database.url);
  await database.close();
  const neon = await startNeonEndpoint({
    database: { hostname: "127.0.0.1", port: postgres.port },
    keepAlive: false,
  });
  const admin = new pg.Client({ connectionString: new URL("/postgres", url).href });
  await admin.connect();
  const name = url.pathname.slice(1);
  const settings = {
    UPSTASH_REDIS_REST_URL: upstash.endpoint.url,
    UPSTASH_REDIS_REST_TOKEN: upstash.endpoint.token,
    DATABASE_URL: Object.assign(new URL(url), { port: String(neon.port) }).href,
  };
  const copy = async (from: string, to: string) => {
    await admin.query(
      "select pg_terminate_backend(pid) from pg_stat_activity where datname = $1",
      [from],
    );
    await admin.query(`create database ${to} template ${from}`);
  };
  return {
    box: openRemoteBox({ upstash: upstash.endpoint, neon, settings }),
    upstash: upstash.endpoint,
    async asAdmin<Answer>(run: (client: pg.Client) => Promise<Answer>): Promise<Answer> {
      const client = new pg.Client({ connectionString: url.href });
      await client.connect();
      try {
        return await run(client);
      } finally {
        await client.end();
      }
    },
    /** Gives what puts the database back to this moment. */
    async backUp() {
      await copy(name, "backup");
      return async () => {
        await admin.query(`drop database ${name} with (force)`);
        await copy("backup", name);
      };
    },
    async close() {
      await admin.end();
      await neon.close();
      await upstash.close();
      await postgres.stop();
    },
  };
}

async function buy(box: RemoteBox, fan: string, sale: Sale, seat: number) {
  const place = await box.join(fan);
  const paid = await pay(box, fan, await holdSeats(box, fan, place, sale, [seat]));
  await box.settle();
  return paid;
}

/** Everything that Redis has, in one text. */
async function everythingIn(upstash: Parameters<typeof redisCommand>[0]): Promise<string> {
  const keys = await redisCommand(upstash, "KEYS", "*") as string[];
  const values = [];
  for (const key of keys) {
    const type = await redisCommand(upstash, "TYPE", key);
    const read = { hash: ["HGETALL"], set: ["SMEMBERS"], list: ["LRANGE"], zset: ["ZRANGE"] }[
      String(type) as "hash"
    ] ?? ["GET"];
    const range = ["LRANGE", "ZRANGE"].includes(read[0]!) ? ["0", "-1"] : [];
    values.push(await redisCommand(upstash, read[0]!, key, ...range));
  }
  return JSON.stringify([keys, values]);
}

Deno.test("real PostgreSQL and Redis: a database put back in mid-sale, and a fan erased", async () => {
  const cloud = await openCloud();
  try {
    const { box, upstash } = cloud;
    const [early, late] = [newFan("early"), newFan("late")];
    const sale = await putOnSale(box, { dates: [3] });
    const [first, second, third] = sale.schedules[0]!.seatIds as [number, number, number];
    for (const fan of [early, late]) await charge(box, fan, 2000);
    assert.equal((await buy(box, early, sale, first)).status, 201);
    const waiting = await box.join(newFan("waiting"));

    const restore = await cloud.backUp();
    assert.equal((await buy(box, late, sale, second)).status, 201);
    const [{ code }] = (await box.call("GET", "/v1/tickets", { fan: late })).body.items;
    await restore();
    await cloud.asAdmin((client) => passLostIds(clientSql(client)));
    const evict = { operator, json: {} } as const;
    assert.equal((await box.call("POST", "/v1/admin/caches/evictions", evict)).status, 200);

    assert.equal((await standing(box, waiting)).state, "ADMITTED");
    const door = await box.call("POST", "/v1/admin/checkins", { operator, json: { code } });
    assert.equal(door.body.code, "TICKET_NOT_FOUND");
    assert.equal((await box.call("GET", "/v1/balance", { fan: late })).body.balance, 2000);
    assert.equal((await buy(box, late, sale, second)).status, 201);
    assert.equal((await buy(box, early, sale, third)).status, 201);
    const later = await putOnSale(box);
    assert.ok(later.concertId > sale.concertId + 1_000);
    await cloud.asAdmin((client) => assertLaws(clientSql(client)));

    // All that is left of a fan after the erasure is a pseudonym, in both stores.
    await box.join(early);
    box.clock.advance(TO_CONCERT_MS);
    await cloud.asAdmin(async (client) => {
      assert.notDeepEqual(await tablesWith(clientSql(client), early), []);
      assert.ok((await everythingIn(upstash)).includes(digestOf(early)));
      const path = `/v1/admin/fans/${encodeURIComponent(early)}`;
      const erased = await box.call("DELETE", path, { operator });
      assert.equal(erased.status, 200, erased.text);
      assert.deepEqual(await tablesWith(clientSql(client), early), []);
      await assertLaws(clientSql(client));
    });
    const left = await everythingIn(upstash);
    assert.deepEqual([left.includes(early), left.includes(digestOf(early))], [false, false]);
  } finally {
    await cloud.close();
  }
});
