import assert from "node:assert/strict";
import { type ApiBox, newFan, type Received } from "../../support/api_box.ts";
import { holdSeats, putOnSale } from "../../support/sale.ts";
import type { ApiTest } from "./law.ts";
import { trips } from "./round_trip_laws.ts";

const SECOND_MS = 1_000;
const TAG = /^"[\x21\x23-\x7e]+"$/;

/** A fan who follows the seats of a date with ten. */
async function watcher(box: ApiBox) {
  const fan = newFan("watcher");
  const place = await box.join(fan);
  const sale = await putOnSale(box);
  const [date] = sale.schedules;
  const path = `/v1/concerts/${sale.concertId}/schedules/${date!.scheduleId}/seats`;
  async function look(known?: string, at = path): Promise<Received> {
    const headers: Record<string, string> = known === undefined ? {} : { "If-None-Match": known };
    const received = await box.call("GET", at, { fan, place, headers });
    await box.settle();
    return received;
  }
  return { fan, place, sale, date: date!, look };
}

function tagOf({ headers }: Received): string {
  const tag = headers.get("ETag")!;
  assert.match(tag, TAG);
  return tag;
}

async function someoneHolds(box: ApiBox, { sale, date }: Awaited<ReturnType<typeof watcher>>) {
  const other = newFan("other");
  await holdSeats(box, other, await box.join(other), sale, [date.seatIds[0]!]);
}

export function seatVersionLaws(test: ApiTest): void {
  test("seats that a fan knows are answered by 304 without asking PostgreSQL", async (open) => {
    const box = await open();
    const { look } = await watcher(box);
    const first = await look();
    await look(tagOf(first)); // Whoever first uses a script has to teach it to Redis.
    const again = await look(tagOf(first));
    assert.equal(again.status, 304);
    assert.equal(again.text, "");
    assert.equal(tagOf(again), tagOf(first));
    assert.equal(again.headers.get("Cache-Control"), "private, no-cache");
    assert.deepEqual(trips(again), { redis: 1, postgres: 0 });
  });

  test("a change of the seats is hidden for a second at most", async (open) => {
    const box = await open();
    const watching = await watcher(box);
    const before = await watching.look();
    await someoneHolds(box, watching);
    box.clock.advance(SECOND_MS);
    const after = await watching.look(tagOf(before));
    assert.equal(after.status, 200);
    assert.notEqual(tagOf(after), tagOf(before));
    assert.equal(after.body.seats[0].status, "HELD");
    assert.equal((await watching.look(tagOf(after))).status, 304);
    assert.equal((await watching.look(tagOf(before))).status, 200);
  });

  test("a hold that lapses shows within a second", async (open) => {
    const box = await open({ HOLD_TTL_SECONDS: "5" });
    const watching = await watcher(box);
    const free = tagOf(await watching.look());
    await someoneHolds(box, watching);
    box.clock.advance(4_500);
    const held = await watching.look(free);
    assert.equal(held.body.seats[0].status, "HELD");
    box.clock.advance(SECOND_MS);
    const lapsed = await watching.look(tagOf(held));
    assert.equal(lapsed.status, 200);
    assert.equal(tagOf(lapsed), free);
  });

  test("seats that stayed as they were keep their version when it is forgotten", async (open) => {
    const box = await open();
    const { look } = await watcher(box);
    const tag = tagOf(await look());
    box.clock.advance(SECOND_MS);
    const loaded = await look(tag);
    assert.deepEqual([loaded.status, tagOf(loaded)], [304, tag]);
    assert.equal(trips(loaded).postgres, 1);
    assert.equal(trips(await look(tag)).postgres, 0);
  });

  test("If-None-Match takes lists, weak tags and any", async (open) => {
    const { look } = await watcher(await open());
    const tag = tagOf(await look());
    for (const known of [`"other", ${tag}`, `W/${tag}`, "*", ` ${tag} `]) {
      assert.equal((await look(known)).status, 304, known);
    }
    for (const known of ['"other"', "", tag.slice(1, -1), '""']) {
      assert.equal((await look(known)).status, 200, known);
    }
  });

  test("a version of one date says nothing of another", async (open) => {
    const box = await open();
    const { look, sale, date } = await watcher(box);
    const tag = tagOf(await look());
    const other = await putOnSale(box);
    const paths = [
      `/v1/concerts/${other.concertId}/schedules/${other.schedules[0]!.scheduleId}/seats`,
      `/v1/concerts/${other.concertId}/schedules/${date.scheduleId}/seats`,
      `/v1/concerts/${sale.concertId}/schedules/${other.schedules[0]!.scheduleId}/seats`,
    ];
    const told = [];
    for (const path of paths) told.push((await look(tag, path)).status);
    assert.deepEqual(told, [200, 404, 404]);
  });

  test("D2: without a live admission no version helps", async (open) => {
    const box = await open({ ADMISSION_TTL_SECONDS: "60" });
    const { look } = await watcher(box);
    const tag = tagOf(await look());
    box.clock.advance(59_500);
    assert.equal((await look(tag)).status, 304);
    box.clock.advance(500);
    const refused = await look("*");
    assert.deepEqual([refused.status, refused.body.code], [403, "NOT_ADMITTED"]);
  });
}
