import assert from "node:assert/strict";
import { requestsPerSecond } from "./http_load.ts";
import { NothingMeasuredError, ratioSpread, requireMeasured, spread } from "./measure.ts";
import { formatTable, ranged } from "./table.ts";

Deno.test("requireMeasured() refuses no values, 0, negative and infinite values, and NaN", () => {
  for (const values of [[], [0], [1, -1], [Infinity], [NaN, 1]]) {
    assert.throws(() => requireMeasured("polls", values), NothingMeasuredError, `${values}`);
  }
  assert.deepEqual(requireMeasured("polls", [1, 0.5]), [1, 0.5]);
});

Deno.test("spread() refuses no rounds and rounds without a figure", () => {
  for (const values of [[], [NaN], [1, Infinity]]) {
    assert.throws(() => spread(values), NothingMeasuredError, `${values}`);
  }
  assert.deepEqual(spread([3, 0, 1]), { median: 1, min: 0, max: 3 });
});

Deno.test("ratioSpread() refuses a round in which the other way did nothing", () => {
  assert.throws(() => ratioSpread([1, 2], [1, 0]), NothingMeasuredError);
  assert.deepEqual(ratioSpread([1, 4, 9], [1, 2, 3]), { median: 2, min: 1, max: 3 });
});

Deno.test("formatTable() refuses no rows, and a cell without a figure", () => {
  const columns = ["", "a second"];
  const nan = ranged({ median: NaN, min: 1, max: 2 });
  for (const rows of [[], [["polls"]], [["polls", ""]], [["polls", nan]]]) {
    assert.throws(() => formatTable("Polls", columns, rows), NothingMeasuredError);
  }
  const table = formatTable("Polls", columns, [["polls", "12.0 [1.0–20.0]"]]);
  assert.match(table, /Polls\n[^]*polls .* 12\.0 \[1\.0–20\.0\]/);
});

Deno.test("requestsPerSecond() refuses answers other than 200, and an empty list", async () => {
  await using server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen() {} },
    (request) => new Response(null, { status: request.url.endsWith("/up") ? 200 : 503 }),
  );
  const load = { port: server.addr.port, connections: 2, ms: 0 };
  const polls = (path: string) => requestsPerSecond({ ...load, requests: [{ path, headers: {} }] });
  await assert.rejects(polls("/down"), NothingMeasuredError);
  await assert.rejects(requestsPerSecond({ ...load, requests: [] }), NothingMeasuredError);
  assert(await polls("/up") > 0);
});
