import assert from "node:assert/strict";
import { breachesSeen, findingsOf } from "../../../src/tools/load_test/findings.ts";
import { drawSale } from "../../../src/tools/load_test/picture.ts";
import { seen } from "../../../src/tools/load_test/seen.ts";
import { tableOf, verdictOf } from "../../../src/tools/load_test/table.ts";
import { goodSale, sighting } from "./support.ts";

function evidence() {
  const { records, ledgers } = goodSale();
  const endings = ["bought", "bought"] as const;
  const room = { seats: 3, perMinute: 2, draw: null, wasChanged: false };
  return { seen: seen(), ledgers, records, endings, room, turnMs: 4_000, seconds: 5 };
}

const sample = {
  atMs: 1,
  waiting: 0,
  admitted: 3,
  parked: 0,
  capacity: 3,
  admittedLastMinute: 2,
  sold: 0,
};

Deno.test("breachesSeen() finds nothing where nothing is wrong", () => {
  const good = evidence();
  good.seen.samples.push(sample);
  assert.deepEqual(breachesSeen(good), []);
  assert.match(verdictOf([]), /No law/);
});

Deno.test("breachesSeen() names each law that the crowd saw broken", () => {
  const bad = evidence();
  bad.seen.samples.push({ ...sample, admitted: 4 });
  bad.seen.sightings.push(sighting(2, 2, 2, "ADMITTED"), sighting(1, 1, 3, "WAITING", 1));
  bad.seen.tap.answered("pay", 500, 3, "INTERNAL");
  bad.seen.odd("a charge was refused");
  bad.ledgers[1]!.tickets.push(bad.ledgers[0]!.tickets[0]!);
  const breaches = breachesSeen({ ...bad, endings: ["bought", "unfinished"] });
  assert.deepEqual(breaches.map(({ law }) => law), [
    "L1",
    "L2",
    "B1",
    "D3",
    "contract",
    "liveness",
  ]);
  assert.match(verdictOf(breaches), /BROKEN, 6 times:\n {2}L1: 4 were admitted at once/);
});

Deno.test("breachesSeen() names what was wrong with the room, unless an operator changed it", () => {
  const bad = evidence();
  bad.seen.samples.push({ ...sample, admittedLastMinute: 3 });
  bad.seen.sightings.push({ ...sighting(1, 1, 3, "WAITING", 1), reason: "SOLD_OUT" });
  const draw = { draw: null, list: [], values: new Map(), seedDigest: null };
  const endings = ["bought", "found the line closed"] as const;
  const laws = (wasChanged: boolean) =>
    breachesSeen({ ...bad, endings, room: { ...bad.room, draw, wasChanged } })
      .map(({ law }) => law);
  assert.deepEqual(laws(false), ["sold out", "sold out", "contract", "rate", "draw"]);
  assert.deepEqual(laws(true), ["sold out", "sold out"]);
});

Deno.test("findingsOf() balances the money, and the table shows it", () => {
  const { seen: all, ...rest } = evidence();
  all.tap.answered("poll", 200, 4, "");
  all.tap.answered("poll", 200, 6, "");
  all.tap.queued(1_500);
  const findings = findingsOf({ seen: all, ...rest });
  assert.deepEqual([findings.moneyIn, findings.moneyOut, findings.balancesLeft], [1200, 800, 400]);
  assert.deepEqual(findings.calls, [{ name: "poll", count: 2, p50Ms: 5, p99Ms: 5.98 }]);
  assert.match(tableOf(findings), /waited for a socket, p99 +│ 1\.5 s/);
  assert.match(tableOf(findings), /most admitted in a minute +│ 0 of 2/);
  assert.match(tableOf(findings), /money in, and out +│ 1,200, 800, 400 left on balances/);
});

Deno.test("drawSale() draws without a browser", () => {
  const svg = drawSale([sample, { ...sample, atMs: 2_000, sold: 9 }], "a & b");
  assert.match(svg, /^<svg .*xmlns=/);
  assert.match(svg, /a &amp; b/);
  assert.match(svg, /stroke="#15803d"/);
});
