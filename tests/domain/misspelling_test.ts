import { equal } from "node:assert/strict";
import { likelyMeant } from "../../src/domain/misspelling.ts";

const KNOWN = ["PORT", "SEAT_LIMIT", "QUEUE_CAPACITY", "USER_JWKS_URL", "ADMISSION_TTL_SECONDS"];

function meant(found: Readonly<Record<string, string | null>>, known = KNOWN): void {
  for (const [name, expected] of Object.entries(found)) {
    equal(likelyMeant(name, known), expected, name);
  }
}

Deno.test("`likelyMeant()` finds a name with one mistake of each kind", () => {
  meant({
    "SEAT_LIMT": "SEAT_LIMIT", // a letter is missing
    "SEAT_LIMITS": "SEAT_LIMIT", // added
    "SEAT_LIMID": "SEAT_LIMIT", // replaced
    "SEAT_LIIMT": "SEAT_LIMIT", // exchanged with its neighbour
    "ESAT_LIMIT": "SEAT_LIMIT", // at the beginning
    "SEAT_LIMTI": "SEAT_LIMIT", // at the end
    "EAT_LIMIT": "SEAT_LIMIT",
    "XSEAT_LIMIT": "SEAT_LIMIT",
  });
});

Deno.test("`likelyMeant()` does not count case and separators", () => {
  meant({ "seat-limit": "SEAT_LIMIT", "SeatLimit": "SEAT_LIMIT", "S.E.A.T LIMIT": "SEAT_LIMIT" });
});

Deno.test("`likelyMeant()` is null for a known name, whatever else it is like", () => {
  meant({ PORT: null, PORTS: null }, ["PORTS", "PORT"]);
});

Deno.test("`likelyMeant()` forgives one mistake in a short name, and one in six letters of a long one", () => {
  meant({
    PROT: "PORT",
    PRTO: null,
    POTS: null,
    PO: null,
    PORTAL: null,
    // 14 characters: two mistakes.
    QUEUE_CAPCTY: "QUEUE_CAPACITY",
    QUEUE_CAPAXXTY: "QUEUE_CAPACITY",
    QUEUE_CPCTY: null,
    QUEUE_CXXXCITY: null,
    // 21 characters: three.
    ADMISSION_TTL_SEC: null,
    ADMISSION_TTL_SECO: "ADMISSION_TTL_SECONDS",
    ADMISSION_TTL_SECONDSXXX: "ADMISSION_TTL_SECONDS",
    ADMISSION_TTL_SECONDSXXXX: null,
    // 12 characters: two, and not one less.
    ABCDEFGHIJXX: "ABCDEFGHIJKL",
    ABCDEFGHIXXX: null,
  }, [...KNOWN, "ABCDEFGHIJKL"]);
});

Deno.test("`likelyMeant()` counts an exchange as one mistake, with neighbours alone", () => {
  meant({ BA: "AB", ABDC: "ABCD", BADC: null, ADCB: null, CBAD: null, DBCA: null }, ["AB", "ABCD"]);
  meant({ CBA: null, BCA: null, CAB: null }, ["ABC"]);
});

Deno.test("`likelyMeant()` takes digits for letters of a name", () => {
  meant({ PORT10: "PORT1", P0RT1: "PORT1", PORT99: null, A9: "A0", B9: null }, ["PORT1", "A0"]);
});

Deno.test("`likelyMeant()` gives the first of several names that it is like", () => {
  meant({ SEAT: "SEAL" }, ["PORT", "SEAL", "SEAM"]);
});
