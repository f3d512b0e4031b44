import { deepEqual, equal, ok } from "node:assert/strict";
import type { Stores } from "../../src/composition/stores.ts";
import { type Box, openBox } from "../support/box.ts";
import { openTestDatabase } from "../support/embedded_database.ts";
import { holdSeats, putOnSale } from "../support/sale.ts";

const database = await openTestDatabase();
Deno.test.afterAll(() => database.close());

const broken = () => Promise.reject(new Error("the cache is broken"));

/** A box that counts what PostgreSQL is asked about seats. */
function countingBox(wrap: (stores: Stores) => Stores = (stores) => stores) {
  const asked = { statuses: 0, maps: 0 };
  const box = openBox(database.sql, {
    wrap: (stores) =>
      wrap({
        ...stores,
        catalogue: {
          ...stores.catalogue,
          seatStatuses(...args) {
            asked.statuses++;
            return stores.catalogue.seatStatuses(...args);
          },
          seatMap(...args) {
            asked.maps++;
            return stores.catalogue.seatMap(...args);
          },
        },
      }),
  });
  return { box, asked };
}

async function watch(box: Box) {
  const [fan, sale] = ["a", await putOnSale(box)];
  const place = await box.join(fan);
  const { scheduleId, seatIds } = sale.schedules[0]!;
  const path = `/v1/concerts/${sale.concertId}/schedules/${scheduleId}`;
  const look = async (view: string) => {
    const answer = await box.call("GET", `${path}/${view}`, { fan, place });
    await box.settle();
    equal(answer.status, 200, answer.text);
    return answer.body;
  };
  const seat = `/v1/admin${path.slice(3)}/seats/${seatIds[0]}`;
  const reprice = (price: number) => box.call("PATCH", seat, { operator: true, json: { price } });
  return { sale, look, reprice, seatIds };
}

Deno.test("without the cache PostgreSQL is asked for statuses once a second and isolate", async () => {
  const { box, asked } = countingBox((stores) => ({
    ...stores,
    cache: { ...stores.cache, read: broken, lease: broken, fill: broken, evict: broken },
    admissionCheck: {
      ...stores.admissionCheck,
      checkKnown: async (place, reads) => {
        const { standing } = await stores.admissionCheck.checkKnown(place, reads);
        return { standing, cached: reads.map(() => ({ state: "EMPTY" })) as never };
      },
    },
  }));
  const { look, sale, seatIds } = await watch(box);
  for (let ask = 0; ask < 5; ask++) await look("seat-statuses");
  equal(asked.statuses, 1);
  await holdSeats(box, "b", await box.join("b"), sale, [seatIds[0]!]);
  for (let tenth = 0; tenth < 20; tenth++) {
    box.clock.advance(100);
    const { seats } = await look("seats");
    if (tenth >= 9) equal(seats[0].status, "HELD");
  }
  equal(asked.statuses, 3);
  ok(box.reports.every(({ what }) => what === "cache_failed"));
});

Deno.test("PostgreSQL is asked for statuses once a second, whoever asks for whatever", async () => {
  const { box, asked } = countingBox();
  const { look } = await watch(box);
  for (let tenth = 0; tenth < 30; tenth++) {
    for (const view of ["seats", "seat-map", "seat-statuses"]) {
      for (const query of ["", "?section=A"]) await look(view + query);
    }
    box.clock.advance(100);
  }
  deepEqual(asked, { statuses: 3, maps: 2 });
});

Deno.test("sections that do not exist cost one load a version of the map, and no key", async () => {
  const keys = new Set<string>();
  const { box, asked } = countingBox((stores) => ({
    ...stores,
    cache: {
      ...stores.cache,
      fill(key, ...rest) {
        keys.add(key);
        return stores.cache.fill(key, ...rest);
      },
    },
  }));
  const { look, reprice } = await watch(box);
  const lookAtNone = async (name: string) => {
    deepEqual((await look(`seat-map?section=${name}`)).seats, []);
    equal((await look(`seat-statuses?section=${name}`)).statuses, "");
  };
  for (let nth = 0; nth < 20; nth++) await lookAtNone(`None${nth}`);
  equal(asked.maps, 1);
  await reprice(5);
  for (let nth = 0; nth < 20; nth++) await lookAtNone(`None${nth}`);
  equal(asked.maps, 2);
  deepEqual([...keys].filter((key) => key.startsWith("seat_map")), []);
  equal((await look("seats")).seats[0].price, 5);
});

Deno.test("a map is kept while its version stays, and loaded again with the next", async () => {
  const { box, asked } = countingBox();
  const { look, reprice } = await watch(box);
  await look("seats");
  for (let minute = 0; minute < 3; minute++) {
    box.clock.advance(60_000);
    await look("seats");
  }
  equal(asked.maps, 1);
  await reprice(5);
  equal((await look("seats")).seats[0].price, 5);
  equal(asked.maps, 2);
});

Deno.test("an eviction that is lost hides the operator's change for a second at most", async () => {
  let isLost = false;
  const { box } = countingBox((stores) => ({
    ...stores,
    cache: {
      ...stores.cache,
      evict: (keys) => isLost ? Promise.resolve() : stores.cache.evict(keys),
    },
  }));
  const { look, reprice } = await watch(box);
  const before = await look("seat-map");
  isLost = true;
  await reprice(7);
  isLost = false;
  equal((await look("seat-map")).mapVersion, before.mapVersion);
  box.clock.advance(1_000);
  const after = await look("seat-map");
  equal(after.seats[0].at(-1), 7);
  equal((await look("seat-statuses")).mapVersion, after.mapVersion);
});

Deno.test("a map that is newer than the statuses brings new statuses", async () => {
  let isLost = false;
  const { box, asked } = countingBox((stores) => ({
    ...stores,
    cache: {
      ...stores.cache,
      evict: (keys) => isLost ? Promise.resolve() : stores.cache.evict(keys),
    },
  }));
  const { look, reprice } = await watch(box);
  const statuses = await look("seat-statuses");
  isLost = true;
  await reprice(9);
  isLost = false;
  const seats = await look("seats");
  equal(seats.seats[0].price, 9);
  equal(asked.statuses, 2);
  ok((await look("seat-statuses")).mapVersion !== statuses.mapVersion);
});
