import assert from "node:assert/strict";
import type { DrawnTicket } from "../../../src/tools/load_test/answers.ts";
import { checkDraw, type DrawWitness } from "../../../src/tools/load_test/draw_checks.ts";
import {
  digestOf,
  type DrawRecords,
  drawValues,
} from "../../../src/tools/load_test/draw_records.ts";
import type { Sighting } from "../../../src/tools/load_test/seen.ts";
import { sighting } from "./support.ts";

const SEED = "the seed of a test";
const OPENS_AT_SECOND = 10;
const PSEUDONYMS = ["p0", "p1", "p2", "p3", "p4"];

const gathered = (fan: number, atSecond: number): Sighting => ({
  ...sighting(fan, null, atSecond, "WAITING"),
  reason: "LOBBY",
  pseudonym: PSEUDONYMS[fan]!,
});

/** Five fans gather, are drawn and told their tickets; a sixth comes late. */
async function goodDraw() {
  const values = await drawValues(SEED, PSEUDONYMS);
  const order = PSEUDONYMS.toSorted((a, b) => values.get(a)! < values.get(b)! ? -1 : 1);
  const list: DrawnTicket[] = order.map((pseudonym, index) => ({ pseudonym, ticket: index + 1 }));
  const commitment = await digestOf(SEED);
  const draw = (seed: string | null) => ({ drawId: "d", commitment, seed });
  const told = PSEUDONYMS.flatMap((pseudonym, fan) => {
    const ticket = order.indexOf(pseudonym) + 1;
    return [gathered(fan, 1 + fan), sighting(fan, ticket, OPENS_AT_SECOND + 1, "WAITING", ticket)];
  });
  const sightings: Sighting[] = [...told, sighting(5, 6, OPENS_AT_SECOND + 2, "WAITING", 6)];
  const draws = [{ draw: draw(null), receivedAtMs: 1 }, { draw: draw(SEED), receivedAtMs: 20_000 }];
  const witness = {
    sightings,
    draws,
    firstJoins: new Map([[5, 11_500]]),
    leftPlaces: new Set<string>(),
    lineWasReset: false,
  };
  const records = { draw: draw(SEED), list, values, seedDigest: commitment };
  return { witness, records };
}

type Sale = { witness: DrawWitness; records: DrawRecords };
type Planted = {
  witness?: Partial<DrawWitness>;
  records?: Partial<DrawRecords>;
};

async function faults(plant: (sale: Sale) => Planted): Promise<string> {
  const sale = await goodDraw();
  const { witness, records } = plant(sale);
  const breaches = checkDraw({ ...sale.witness, ...witness }, { ...sale.records, ...records });
  assert.ok(breaches.every(({ law }) => law === "draw"));
  return breaches.map(({ what }) => what).join("\n");
}

Deno.test("checkDraw() finds nothing in a draw that went well", async () => {
  assert.equal(await faults(() => ({})), "");
});

Deno.test("drawValues() are the first 13 digits of HMAC-SHA-1", async () => {
  // RFC 2202, test case 2.
  const values = await drawValues("Jefe", ["what do ya want for nothing?"]);
  assert.deepEqual([...values.values()], ["effcdf6ae5eb2"]);
});

const planted: [string, RegExp, (sale: Sale) => Planted][] = [
  ["a seed other than the committed", /SHA-256 is other, and/, () => ({
    records: { seedDigest: "other" },
  })],
  ["a missing commitment", /no commitment before the first/, ({ witness }) => ({
    witness: { draws: [{ draw: null, receivedAtMs: 1 }, ...witness.draws.slice(1)] },
  })],
  ["a changed commitment", /the commitment \w+ was changed/, ({ witness: { draws } }) => ({
    witness: {
      draws: [...draws, { draw: { ...draws[0]!.draw!, commitment: "x" }, receivedAtMs: 9 }],
    },
  })],
  ["a seed that was not published", /the seed was not published/, ({ records }) => ({
    records: { draw: { ...records.draw!, seed: null } },
  })],
  ["a seed told too soon", /the seed was told at 1\.50 s, and LOBBY/, ({ witness: { draws } }) => ({
    witness: { draws: [draws[0]!, { ...draws[1]!, receivedAtMs: 1_500 }] },
  })],
  ["an order other than the seed's", /the seed puts it before 1/, ({ records: { list } }) => ({
    records: {
      list: list.map(({ ticket }, index) => ({
        ticket,
        pseudonym: list[[1, 0, 2, 3, 4][index]!]!.pseudonym,
      })),
    },
  })],
  ["a hole in the list", /ticket 2 is followed by 4/, ({ records: { list } }) => ({
    records: { list: list.filter(({ ticket }) => ticket !== 3) },
  })],
  ["a fan who is not in the list", /p\d gathered and is not/, ({ records: { list } }) => ({
    records: { list: list.slice(0, 4) },
  })],
  ["a fan told another ticket", /p0 has ticket \d, and was told 77/, ({ witness }) => ({
    witness: { sightings: [...witness.sightings, sighting(0, 77, 13, "WAITING", 1)] },
  })],
  ["a stranger in the list", /1 who gathered untold, and 0 fans may/, ({ records: { list } }) => ({
    records: { list: [...list, { pseudonym: "stranger", ticket: 6 }] },
  })],
  ["a late fan among the drawn", /place 6\/1 came late and has ticket 3/, ({ witness }) => ({
    witness: { sightings: [...witness.sightings, sighting(6, 3, 14, "WAITING", 3)] },
  })],
  ["a pseudonym of two fans", /two fans were told p0/, ({ witness }) => ({
    witness: {
      sightings: [...witness.sightings, { ...gathered(7, 2), pseudonym: "p0" }],
    },
  })],
  ["LOBBY after the opening", /told LOBBY after asking at 11\.99 s/, ({ witness }) => ({
    witness: { sightings: [...witness.sightings, gathered(0, 12)] },
  })],
];

for (const [name, message, plant] of planted) {
  Deno.test(`checkDraw() finds ${name}`, async () => {
    assert.match(await faults(plant), message);
  });
}

Deno.test("checkDraw() allows one who left, and one whose answer was lost", async () => {
  const left = await faults(({ witness, records: { list } }) => {
    const last = PSEUDONYMS.indexOf(list[4]!.pseudonym);
    const lobbyOnly = witness.sightings.filter(({ fan, ticket }) =>
      fan !== last || ticket === null
    );
    return {
      witness: { sightings: lobbyOnly, leftPlaces: new Set([`${last}/1`]) },
      records: { list: list.slice(0, 4) },
    };
  });
  assert.equal(left, "");
  const untold = await faults(({ witness, records: { list } }) => ({
    witness: {
      firstJoins: new Map([[5, 9_000]]),
      sightings: witness.sightings,
    },
    records: { list: [...list, { pseudonym: "untold", ticket: 6 }] },
  }));
  assert.equal(untold, "");
});
