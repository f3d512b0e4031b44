import { deepEqual } from "node:assert/strict";
import { createStockRecount } from "../../src/application/stock_recount.ts";
import type { RoomId } from "../../src/domain/ids.ts";
import type { Stock } from "../../src/domain/room.ts";
import { testClock } from "../support/test_clock.ts";

const [MAIN, OTHER] = ["main", "other"] as RoomId[] as [RoomId, RoomId];
const STOCK: Stock = { available: 7, returnsAtMs: null, asOfMs: 1 };

function scene(stock: Stock | null = STOCK) {
  const clock = testClock();
  const acts: string[] = [];
  const recount = createStockRecount({
    clock,
    stockCounter: {
      count: async (room) => {
        acts.push(`count ${room}`);
        return stock;
      },
    },
    queue: {
      updateStock: async (room, { available }) => {
        acts.push(`${room} has ${available}`);
      },
    },
  });
  return { clock, acts, ...recount };
}

Deno.test("a recount gives the number of seats to the queue", async () => {
  const { acts, recount } = scene();
  await recount(MAIN);
  await recount(MAIN);
  deepEqual(acts, ["count main", "main has 7", "count main", "main has 7"]);
});

Deno.test("a room without a count leaves the queue's as it is", async () => {
  const { acts, recount } = scene(null);
  await recount(MAIN);
  deepEqual(acts, ["count main"]);
});

Deno.test("on behalf of fans an isolate counts each room once a second", async () => {
  const { clock, acts, recountUnlessRecent } = scene(null);
  await recountUnlessRecent(MAIN);
  clock.advance(999);
  await recountUnlessRecent(MAIN);
  await recountUnlessRecent(OTHER);
  deepEqual(acts, ["count main", "count other"]);
  clock.advance(1);
  await recountUnlessRecent(MAIN);
  await recountUnlessRecent(OTHER);
  deepEqual(acts.slice(2), ["count main"]);
});

Deno.test("a step back of the clock stops the counts for a second at most", async () => {
  const { clock, acts, recountUnlessRecent } = scene(null);
  await recountUnlessRecent(MAIN);
  clock.advance(-3_600_000);
  await recountUnlessRecent(MAIN);
  deepEqual(acts, ["count main", "count main"]);
});
