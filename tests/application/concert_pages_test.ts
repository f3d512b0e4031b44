import { deepEqual } from "node:assert/strict";
import {
  cacheable,
  type ConcertMark,
  readConcertPage,
} from "../../src/application/concert_pages.ts";
import type { Concert } from "../../src/domain/booking.ts";
import type { Block } from "../../src/ports/catalogue.ts";

const CONTEXT = { afterAnswer: () => {}, keepAlive: () => {} };

/** Blocks of concerts by their ids. A block says behind which concert it begins. */
function listOf(...blocks: readonly (readonly number[])[]) {
  const read: number[] = [];
  async function readBlock(_: unknown, block: number): Promise<Block<Concert>> {
    read.push(block);
    const ids = blocks[block] ?? [];
    const after = blocks.slice(0, block).flat().at(-1) ?? 0;
    const concerts = ids.map((concertId) => ({ concertId }) as Concert);
    return { concerts, after, last: blocks.length - 1 };
  }
  async function page(limit: number, after: ConcertMark | null = null) {
    read.length = 0;
    const { concerts, next } = await readConcertPage(readBlock, CONTEXT, { limit, after });
    return [concerts.map(({ concertId }) => concertId), next, [...read]];
  }
  return { page };
}

Deno.test("a page ends at its limit, or at the end of a block", async () => {
  const { page } = listOf([1, 2, 3], [4, 5]);
  deepEqual(await page(2), [[1, 2], { block: 0, concertId: 2 }, [0]]);
  deepEqual(await page(2, { block: 0, concertId: 2 }), [[3], { block: 1, concertId: 3 }, [0]]);
  deepEqual(await page(3), [[1, 2, 3], { block: 1, concertId: 3 }, [0]]);
  deepEqual(await page(9, { block: 1, concertId: 3 }), [[4, 5], null, [1]]);
  deepEqual(await page(1, { block: 1, concertId: 3 }), [[4], { block: 1, concertId: 4 }, [1]]);
  deepEqual(await page(1, { block: 1, concertId: 4 }), [[5], null, [1]]);
});

Deno.test("an empty list is one page", async () => {
  deepEqual(await listOf([]).page(5), [[], null, [0]]);
});

Deno.test("a page goes on in earlier blocks where concerts moved into them", async () => {
  // The page before ended with 5 in block 3. Most before it were removed since then.
  deepEqual(await listOf([4, 5], [6, 7], [8]).page(9, { block: 3, concertId: 5 }), [
    [6, 7],
    { block: 2, concertId: 7 },
    [3, 2, 1],
  ]);
  deepEqual(await listOf([4, 5, 6]).page(9, { block: 3, concertId: 5 }), [[6], null, [3, 0]]);
});

Deno.test("a page goes on in later blocks where concerts were added before", async () => {
  deepEqual(await listOf([1, 2], [3, 4], [5, 6]).page(9, { block: 0, concertId: 4 }), [
    [5, 6],
    null,
    [0, 1, 2],
  ]);
});

Deno.test("a page reads four blocks at most, and may be empty before the end", async () => {
  const many = listOf(...Array.from({ length: 9 }, (_, block) => [block + 1]));
  deepEqual(await many.page(9, { block: 0, concertId: 8 }), [
    [],
    { block: 4, concertId: 8 },
    [0, 1, 2, 3],
  ]);
  deepEqual(await many.page(9, { block: 8, concertId: 1 }), [
    [6],
    { block: 6, concertId: 6 },
    [8, 7, 6, 5],
  ]);
});

Deno.test("a value is cached until its next change at the latest, and nothing is not", () => {
  deepEqual(cacheable({ value: 7, changesInMs: null }, 300), { value: 7, ttlMs: 300 });
  deepEqual(cacheable({ value: 7, changesInMs: 200 }, 300), { value: 7, ttlMs: 200 });
  deepEqual(cacheable({ value: 7, changesInMs: 400 }, 300), { value: 7, ttlMs: 300 });
  deepEqual(cacheable({ value: 7, changesInMs: 0 }, 300), { value: 7, ttlMs: 0 });
  deepEqual(cacheable(null, 300), null);
});
