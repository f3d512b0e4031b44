import { deepEqual, ok } from "node:assert/strict";
import { BOX_STARTS_MS } from "../support/api_box.ts";
import { openBox } from "../support/box.ts";
import { openTestDatabase } from "../support/embedded_database.ts";
import { withSeed } from "../support/random.ts";
import { putOnSale } from "../support/sale.ts";
import {
  assertAllServed,
  crowd,
  type FanRecord,
  orderFaults,
  paceFaults,
} from "./support/crowd.ts";
import { problem } from "./support/device.ts";
import { virtualTime } from "./support/virtual_time.ts";

const FANS = Number(Deno.env.get("STANCHION_CLIENT_FANS") ?? 50);
const SETTINGS = { QUEUE_CAPACITY: "10", POLL_MIN_SECONDS: "2", POLL_MAX_SECONDS: "10" };
const OUTAGE_MS = 10_000;
const TICK_MS = 60_000;
const GRANULARITY_MS = 20;
const MOST_MS = 6 * 3_600_000;

/** The real program in this process, with a switch for its network. */
async function world() {
  const time = virtualTime(BOX_STARTS_MS, GRANULARITY_MS);
  const database = await openTestDatabase();
  const clock = Object.assign(() => time.now(), {
    advance() {
      throw new Error("the time of the clients is the time of the server");
    },
  });
  const box = openBox(database.sql, { settings: SETTINGS, clock });
  let isDown = false;
  let requests = 0;
  /** In an outage one half of the calls finds no server, and the other half a proxy's refusal. */
  async function fetch(url: string, init: RequestInit): Promise<Response> {
    if (!isDown) return await time.during(box.fetch(new Request(url, init)));
    if (requests++ % 2 === 0) throw new TypeError("no network");
    return problem(503, "DEPENDENCY_UNAVAILABLE", { "Retry-After": "3" });
  }
  const sleep = (ms: number) => new Promise<void>((resolve) => time.setTimeout(resolve, ms));
  let nextTickMs = time.now() + TICK_MS;
  async function passUntil(what: string, isDone: () => boolean): Promise<void> {
    const lastMs = time.now() + MOST_MS;
    while (!isDone()) {
      ok(time.now() < lastMs, `in vain: ${what}`);
      await time.pass(1_000);
      await time.during(box.settle());
      if (time.now() < nextTickMs) continue;
      nextTickMs += TICK_MS;
      await time.during(box.tick());
    }
  }
  /** No answer for so long; `then` happens before the network is back. */
  async function outage(ms: number, then = async () => {}): Promise<void> {
    isDown = true;
    await time.pass(ms);
    await then();
    isDown = false;
  }
  return { time, box, fetch, sleep, passUntil, outage, close: () => database.close() };
}

const admittedOf = (records: readonly FanRecord[]) =>
  records.filter(({ admittedMs }) => admittedMs !== null).length;

Deno.test(`client: ${FANS} clients go through a wipe, an outage and a restart, and all are admitted in order`, () =>
  withSeed("tests/client/crowd_full_test.ts", async (random) => {
    const { time, box, fetch, sleep, passUntil, outage, close } = await world();
    try {
      await putOnSale(box, { dates: [5] });
      const { records, done } = crowd({
        fans: FANS,
        baseUrl: "http://stanchion.test",
        clock: time,
        random,
        sleep,
        accessToken: box.userToken,
        fetch,
      });
      const share = (part: number) => () => admittedOf(records) >= part * FANS;
      // Who joins after a wipe may be in before those who have not asked yet.
      await passUntil("all have joined", () => records.every(({ states }) => states.length > 1));
      await passUntil("a fifth is admitted", share(0.2));
      await box.wipeLine();
      const wipedMs = time.now();
      await passUntil("a half is admitted", share(0.5));
      await outage(OUTAGE_MS);
      await passUntil("two thirds are admitted", share(0.67));
      // A program that starts again has lost the line and the cache in its memory.
      await outage(OUTAGE_MS / 2, box.wipeLine);
      const restartedMs = time.now();
      await passUntil("all are served", () => records.every(({ left }) => left));
      await done;

      assertAllServed(records);
      deepEqual(records.flatMap((record) => paceFaults(record, GRANULARITY_MS)), []);
      const epochs = [BOX_STARTS_MS, wipedMs, restartedMs, Infinity];
      for (const [index, fromMs] of epochs.slice(0, -1).entries()) {
        deepEqual(orderFaults(records, [fromMs, epochs[index + 1]!]), []);
      }
    } finally {
      await close();
    }
  }));
