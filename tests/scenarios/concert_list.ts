import assert from "node:assert/strict";
import { type ApiBox, newFan } from "../support/api_box.ts";
import { holdSeats, pay, putOnSale } from "../support/sale.ts";
import { trips } from "./round_trips.ts";
import type { Scenario } from "./scenario.ts";

/** A page reader of an admitted fan. */
async function reader(box: ApiBox) {
  const fan = newFan("reader");
  const place = await box.join(fan);
  const page = (query = "") => box.call("GET", `/v1/concerts${query}`, { fan, place });
  async function all(limit: number): Promise<number[]> {
    const ids: number[] = [];
    for (let query = `?limit=${limit}`;;) {
      const { body } = await page(query);
      assert.ok(body.concerts.length <= limit);
      ids.push(...body.concerts.map(({ concertId }: { concertId: number }) => concertId));
      if (body.nextCursor === null) return ids;
      query = `?limit=${limit}&cursor=${body.nextCursor}`;
    }
  }
  return { page, all };
}

/** In JSON each of these characters takes six bytes, so that a block has seven such concerts. */
const LONG = "\u0001".repeat(5_000);

function withdraw(box: ApiBox, concertId: number) {
  const json = { status: "WITHDRAWN" };
  return box.call("PATCH", `/v1/admin/concerts/${concertId}`, { operator: true, json });
}

/** Puts concerts with long descriptions on sale, and withdraws them in the end. */
async function withLongConcerts(
  box: ApiBox,
  count: number,
  run: (ids: readonly number[]) => Promise<void>,
): Promise<void> {
  const ids: number[] = [];
  try {
    for (let nth = 0; nth < count; nth++) {
      const sale = await putOnSale(box, { dates: [1], description: LONG });
      ids.push(sale.concertId);
    }
    await run(ids);
  } finally {
    for (const concertId of ids) await withdraw(box, concertId);
  }
}

export function concertListScenarios(test: Scenario): void {
  test("GET /v1/concerts has pages, each concert once, and one round trip on a hit", async (open) => {
    const box = await open();
    await withLongConcerts(box, 9, async (ids) => {
      const { page, all } = await reader(box);
      for (const limit of [500, 4, 1]) {
        const found = (await all(limit)).filter((id) => ids.includes(id));
        assert.deepEqual(found, ids, `limit ${limit}`);
      }
      await box.settle();
      let query = "?limit=3";
      for (let pages = 0; query !== ""; pages++) {
        assert.ok(pages < 500);
        const answer = await page(query);
        assert.deepEqual(trips(answer), { redis: 1, postgres: 0 });
        const { nextCursor } = answer.body;
        query = nextCursor === null ? "" : `?limit=3&cursor=${nextCursor}`;
      }
      assert.equal((await page()).body.concerts[0].room, "main");
    });
  });

  test("a sell-out evicts every block of the list", async (open) => {
    const box = await open();
    await withLongConcerts(box, 9, async (ids) => {
      const sale = await putOnSale(box, { dates: [1], price: 0 });
      const { all } = await reader(box);
      assert.ok((await all(500)).includes(sale.concertId));
      const fan = newFan("buyer");
      const place = await box.join(fan);
      await pay(box, fan, await holdSeats(box, fan, place, sale, sale.schedules[0]!.seatIds));
      await box.settle();
      const left = await all(500);
      assert.ok(!left.includes(sale.concertId));
      assert.ok(ids.every((id) => left.includes(id)));
    });
  });

  test("pages stay whole when concerts leave the list between them", async (open) => {
    const box = await open();
    await withLongConcerts(box, 16, async (ids) => {
      const { page } = await reader(box);
      const seen: number[] = [];
      let cursor: string | null = null;
      let withdrawn = false;
      do {
        const { body } = await page(cursor === null ? "" : `?cursor=${cursor}`);
        seen.push(...body.concerts.map(({ concertId }: { concertId: number }) => concertId));
        cursor = body.nextCursor;
        // Concerts of later blocks now move into earlier ones.
        if (!withdrawn && seen.includes(ids[2]!)) {
          withdrawn = true;
          for (const concertId of ids.slice(0, 3)) await withdraw(box, concertId);
        }
      } while (cursor !== null);
      assert.ok(withdrawn);
      assert.deepEqual(seen.filter((id) => ids.includes(id)), ids);
    });
  });

  test("bad pages of the list are VALIDATION_FAILED, and forged cursors do no harm", async (open) => {
    const box = await open();
    await putOnSale(box);
    const { page } = await reader(box);
    for (
      const [name, value] of [["limit", "0"], ["limit", "501"], ["limit", "x"], ["cursor", "x"]]
    ) {
      const { status, body } = await page(`?${name}=${value}`);
      assert.deepEqual([status, body.errors[0].path], [400, name]);
    }
    const cursor = (block: number | string, id: number | string) =>
      btoa(`${block}.${id}`).replaceAll("=", "");
    const most = "9".repeat(15);
    for (const forged of [cursor(0, most), cursor(64, 0), cursor(most, 0), cursor(most, most)]) {
      const { status, body } = await page(`?cursor=${forged}`);
      assert.equal(status, 200);
      assert.ok(Array.isArray(body.concerts));
    }
  });
}
