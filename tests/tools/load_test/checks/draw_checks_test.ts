import assert from "node:assert/strict";
import type { DrawnTicket } from "../../../../src/tools/load_test/api/answers.ts";
import { checkDraw } from "../../../../src/tools/load_test/checks/draw_checks.ts";
import type { DrawEvidence } from "../../../../src/tools/load_test/checks/draw_evidence.ts";
import type { PlaceObservation } from "../../../../src/tools/load_test/observations.ts";
import {
  computeOrderValues,
  type DrawRecords,
  sha256Hex,
} from "../../../../src/tools/load_test/operator/draw_records.ts";
import { observationOf } from "../fixtures.ts";

const SEED = "the seed of a test";
const OPENS_AT_SECOND = 10;
const PSEUDONYMS = ["p0", "p1", "p2", "p3", "p4"];

const gathered = (fan: number, atSecond: number): PlaceObservation => ({
  ...observationOf(fan, null, atSecond, "WAITING"),
  reason: "LOBBY",
  pseudonym: PSEUDONYMS[fan]!,
});

/** Five fans gather and get ticket numbers by the draw. A sixth fan comes late. */
async function goodDraw() {
  const values = await computeOrderValues(SEED, PSEUDONYMS);
  const order = PSEUDONYMS.toSorted((a, b) => values.get(a)! < values.get(b)! ? -1 : 1);
  const list: DrawnTicket[] = order.map((pseudonym, index) => ({ pseudonym, ticket: index + 1 }));
  const commitment = await sha256Hex(SEED);
  const draw = (seed: string | null) => ({ drawId: "d", commitment, seed });
  const places = PSEUDONYMS.flatMap((pseudonym, fan) => {
    const ticket = order.indexOf(pseudonym) + 1;
    return [
      gathered(fan, 1 + fan),
      observationOf(fan, ticket, OPENS_AT_SECOND + 1, "WAITING", ticket),
    ];
  });
  const allPlaces: PlaceObservation[] = [
    ...places,
    observationOf(5, 6, OPENS_AT_SECOND + 2, "WAITING", 6),
  ];
  const draws = [{ draw: draw(null), receivedAtMs: 1 }, { draw: draw(SEED), receivedAtMs: 20_000 }];
  const evidence = {
    places: allPlaces,
    draws,
    firstJoins: new Map([[5, 11_500]]),
    leftPlaces: new Set<string>(),
    queueWasReset: false,
  };
  const records = { draw: draw(SEED), list, orderValues: values, seedDigest: commitment };
  return { evidence, records };
}

type Sale = { evidence: DrawEvidence; records: DrawRecords };
type Planted = {
  evidence?: Partial<DrawEvidence>;
  records?: Partial<DrawRecords>;
};

async function faults(plant: (sale: Sale) => Planted): Promise<string> {
  const sale = await goodDraw();
  const { evidence, records } = plant(sale);
  const violations = checkDraw({ ...sale.evidence, ...evidence }, { ...sale.records, ...records });
  assert.ok(violations.every(({ rule }) => rule === "draw"));
  return violations.map(({ detail }) => detail).join("\n");
}

Deno.test("checkDraw() finds nothing in a draw without a violation", async () => {
  assert.equal(await faults(() => ({})), "");
});

Deno.test("computeOrderValues() returns the first 13 digits of HMAC-SHA-1", async () => {
  // RFC 2202, test case 2.
  const values = await computeOrderValues("Jefe", ["what do ya want for nothing?"]);
  assert.deepEqual([...values.values()], ["effcdf6ae5eb2"]);
});

const planted: [string, RegExp, (sale: Sale) => Planted][] = [
  ["a seed that does not fit the commitment", /SHA-256 is other, and/, () => ({
    records: { seedDigest: "other" },
  })],
  ["a missing commitment", /no commitment before the first/, ({ evidence }) => ({
    evidence: { draws: [{ draw: null, receivedAtMs: 1 }, ...evidence.draws.slice(1)] },
  })],
  ["a changed commitment", /the commitment \w+ was changed/, ({ evidence: { draws } }) => ({
    evidence: {
      draws: [...draws, { draw: { ...draws[0]!.draw!, commitment: "x" }, receivedAtMs: 9 }],
    },
  })],
  ["a seed that was not published", /the seed was not published/, ({ records }) => ({
    records: { draw: { ...records.draw!, seed: null } },
  })],
  [
    "a seed that was published too early",
    /LOBBY, and the seed was published at 1\.50 s/,
    ({ evidence: { draws } }) => ({
      evidence: { draws: [draws[0]!, { ...draws[1]!, receivedAtMs: 1_500 }] },
    }),
  ],
  ["a wrong order", /the seed puts it before 1/, ({ records: { list } }) => ({
    records: {
      list: list.map(({ ticket }, index) => ({
        ticket,
        pseudonym: list[[1, 0, 2, 3, 4][index]!]!.pseudonym,
      })),
    },
  })],
  ["a hole in the list", /ticket 4 follows 2/, ({ records: { list } }) => ({
    records: { list: list.filter(({ ticket }) => ticket !== 3) },
  })],
  ["a fan who is not in the list", /p\d gathered and is not/, ({ records: { list } }) => ({
    records: { list: list.slice(0, 4) },
  })],
  [
    "a fan with another ticket number",
    /p0 has ticket \d in the list, and 77 in an answer/,
    ({ evidence }) => ({
      evidence: { places: [...evidence.places, observationOf(0, 77, 13, "WAITING", 1)] },
    }),
  ],
  [
    "an unknown pseudonym in the list",
    /1 unknown pseudonyms, and 0 fans may/,
    ({ records: { list } }) => ({
      records: { list: [...list, { pseudonym: "stranger", ticket: 6 }] },
    }),
  ],
  ["a late fan among the drawn", /place 6\/1 came late and has ticket 3/, ({ evidence }) => ({
    evidence: { places: [...evidence.places, observationOf(6, 3, 14, "WAITING", 3)] },
  })],
  ["a pseudonym of two fans", /two fans have pseudonym p0/, ({ evidence }) => ({
    evidence: {
      places: [...evidence.places, { ...gathered(7, 2), pseudonym: "p0" }],
    },
  })],
  [
    "LOBBY after the opening",
    /a request sent at 11\.99 s was answered with LOBBY/,
    ({ evidence }) => ({
      evidence: { places: [...evidence.places, gathered(0, 12)] },
    }),
  ],
];

for (const [name, message, plant] of planted) {
  Deno.test(`checkDraw() finds ${name}`, async () => {
    assert.match(await faults(plant), message);
  });
}

Deno.test("checkDraw() allows a fan who left and a fan whose answer was lost", async () => {
  const left = await faults(({ evidence, records: { list } }) => {
    const last = PSEUDONYMS.indexOf(list[4]!.pseudonym);
    const lobbyOnly = evidence.places.filter(({ fan, ticket }) => fan !== last || ticket === null);
    return {
      evidence: { places: lobbyOnly, leftPlaces: new Set([`${last}/1`]) },
      records: { list: list.slice(0, 4) },
    };
  });
  assert.equal(left, "");
  const unknown = await faults(({ evidence, records: { list } }) => ({
    evidence: {
      firstJoins: new Map([[5, 9_000]]),
      places: evidence.places,
    },
    records: { list: [...list, { pseudonym: "unknown", ticket: 6 }] },
  }));
  assert.equal(unknown, "");
});
