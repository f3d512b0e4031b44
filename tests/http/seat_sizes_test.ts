import { ok } from "node:assert/strict";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { openBox } from "../support/box.ts";
import { openTestDatabase } from "../support/embedded_database.ts";

const SEATS = 5_000;
const MAX_MAP_BYTES = 200_000;
/** By the quality that Cloudflare compresses answers with. */
const EDGE_QUALITY = 4;
const MAX_COMPRESSED_BYTES = 30_000;
/** For clients without Brotli: the order of the columns costs so much (docs/benchmarks.md). */
const MAX_GZIP_BYTES = 37_000;
const MAX_STATUSES_BYTES = SEATS + 200;

const database = await openTestDatabase();
Deno.test.afterAll(() => database.close());

function compressed(text: string): number {
  const params = { [constants.BROTLI_PARAM_QUALITY]: EDGE_QUALITY };
  return brotliCompressSync(new TextEncoder().encode(text), { params }).byteLength;
}

Deno.test("the map of 5,000 seats takes 200 kB, 30 kB in Brotli and 37 kB in gzip; their statuses 5 kB", async () => {
  const box = openBox(database.sql);
  const seats = Array.from({ length: SEATS }, (_, i) => ({
    section: `S${Math.floor(i / 1_000) + 1}`,
    row: `${Math.floor(i / 100) % 10 + 1}`,
    label: `${i % 100 + 1}`,
    x: i % 100,
    y: Math.floor(i / 100),
    price: 50_000 + 10_000 * Math.floor(i / 1_000),
  }));
  const { body } = await box.call("POST", "/v1/admin/concerts", {
    operator: true,
    json: {
      title: "A hall",
      description: "",
      schedules: [{
        concertAt: new Date(box.clock() + 86_400_000).toISOString(),
        reservationAvailableAt: new Date(box.clock() - 1_000).toISOString(),
        seats,
      }],
    },
  });
  const fan = "a";
  const place = await box.join(fan);
  const path = `/v1/concerts/${body.concertId}/schedules/${body.schedules[0].scheduleId}`;
  const bytesOf = async (view: string) => {
    const { text } = await box.call("GET", `${path}/${view}`, { fan, place });
    return { raw: text.length, compressed: compressed(text), gzip: gzipSync(text).byteLength };
  };
  const sizes = { map: await bytesOf("seat-map"), statuses: await bytesOf("seat-statuses") };
  console.table(sizes);
  ok(sizes.map.raw <= MAX_MAP_BYTES);
  ok(sizes.map.compressed <= MAX_COMPRESSED_BYTES);
  ok(sizes.map.gzip <= MAX_GZIP_BYTES);
  ok(sizes.statuses.raw <= MAX_STATUSES_BYTES);
});
