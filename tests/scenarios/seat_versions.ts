import assert from "node:assert/strict";
import { type ApiBox, newFan, type Received } from "../support/api_box.ts";
import { charge, holdSeats, pay, putOnSale } from "../support/sale.ts";
import type { Scenario } from "./scenario.ts";
import { trips } from "./round_trips.ts";

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

export function seatVersionScenarios(test: Scenario): void {
  test("seats that a fan knows are answered by 304 without asking PostgreSQL", async (open) => {
    const box = await open();
    const { look } = await watcher(box);
    const first = await look();
    await look(tagOf(first)); // The first use of a script costs one round trip more.
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

  test("own holds and cancels show in the next answer", async (open) => {
    const box = await open();
    const { fan, place, sale, date, look } = await watcher(box);
    const free = tagOf(await look());
    const [id] = await holdSeats(box, fan, place, sale, [date.seatIds[0]!]);
    await box.settle();
    const held = await look(free);
    assert.deepEqual([held.status, held.body?.seats[0].status], [200, "HELD"]);

    box.clock.advance(1); // What was looked at in the millisecond of a change is not remembered.
    assert.equal((await look(tagOf(held))).status, 304);
    await box.call("DELETE", `/v1/reservations/${id}`, { fan });
    await box.settle();
    const cancelled = await look(tagOf(held));
    assert.deepEqual([cancelled.status, tagOf(cancelled)], [200, free]);
  });

  test("own payments show in the next answer", async (open) => {
    const box = await open();
    const { sale, date, look } = await watcher(box);
    const buyer = newFan("buyer");
    const held = await holdSeats(box, buyer, await box.join(buyer), sale, [date.seatIds[0]!]);
    await charge(box, buyer, 10_000);
    await box.settle();
    box.clock.advance(1);
    const known = tagOf(await look());
    assert.equal(trips(await look(known)).postgres, 0);
    assert.equal((await pay(box, buyer, held)).status, 201);
    await box.settle();
    const sold = await look(known);
    assert.deepEqual([sold.status, sold.body?.seats[0].status], [200, "SOLD"]);
  });

  test("what the operator withdraws or puts off is shown no longer", async (open) => {
    const box = await open();
    for (const code of ["CONCERT_NOT_FOUND", "SALE_NOT_OPEN"]) {
      const { sale, date, look } = await watcher(box);
      const tag = tagOf(await look());
      assert.equal((await look(tag)).status, 304);
      const later = new Date(box.clock() + 60 * SECOND_MS).toISOString();
      const schedules = [{ scheduleId: date.scheduleId, reservationAvailableAt: later }];
      const json = code === "SALE_NOT_OPEN" ? { schedules } : { status: "WITHDRAWN" };
      await box.call("PATCH", `/v1/admin/concerts/${sale.concertId}`, { operator: true, json });
      assert.equal((await look(tag)).body?.code, code);
    }
  });

  test("a hold that lapses shows in the next answer", async (open) => {
    const box = await open({ HOLD_TTL_SECONDS: "5" });
    const watching = await watcher(box);
    const free = tagOf(await watching.look());
    await someoneHolds(box, watching);
    await box.settle();
    box.clock.advance(4_500);
    const held = await watching.look(free);
    assert.equal(held.body.seats[0].status, "HELD");
    box.clock.advance(499);
    assert.equal((await watching.look(tagOf(held))).status, 304);
    box.clock.advance(1);
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
    const statuses = [];
    for (const path of paths) statuses.push((await look(tag, path)).status);
    assert.deepEqual(statuses, [200, 404, 404]);
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
