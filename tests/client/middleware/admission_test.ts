import { deepEqual, equal, rejects, throws } from "node:assert/strict";
import { decodeJwt, exportJWK, generateKeyPair, SignJWT } from "jose";
import {
  type AdmissionCheckOptions,
  AdmissionKeysError,
  createAdmissionCheck,
  memoryReplayStore,
} from "../../../src/client/middleware/admission.ts";
import { testClock } from "../../support/test_clock.ts";
import {
  AUDIENCE,
  forgeries,
  issue,
  ISSUER,
  jwksOf,
  NOW_MS,
  oddities,
  ONE,
  ROOM,
  TWO,
} from "./issuer.ts";

/** A check whose keys come from `serve`, and the addresses that were asked. */
function checkOver(
  serve: () => Response,
  options: Partial<AdmissionCheckOptions> = {},
) {
  const asked: string[] = [];
  const clock = testClock(NOW_MS);
  const check = createAdmissionCheck({
    issuer: ISSUER,
    audience: AUDIENCE,
    room: ROOM,
    clock,
    fetch: (url) => {
      asked.push(url);
      return Promise.resolve(serve());
    },
    ...options,
  });
  return { check, asked, clock };
}

const serving = (...seeds: string[]) => () => Response.json(jwksOf(...seeds));
const refusalOf = async (check: ReturnType<typeof createAdmissionCheck>, text: string) => {
  const result = await check(text);
  return result.ok ? "let in" : result.refusal;
};

Deno.test("`createAdmissionCheck()` takes an admission of the service, with keys that are fetched once", async () => {
  const { check, asked } = checkOver(serving(ONE));
  for (const id of ["one", "two"]) {
    deepEqual(await check(await issue({ id })), {
      ok: true,
      admission: {
        subject: "a-pseudonym",
        room: ROOM,
        audience: AUDIENCE,
        issuer: ISSUER,
        id,
        expiresAtMs: NOW_MS + 300_000,
      },
    });
  }
  deepEqual(asked, ["https://tickets.example.com/.well-known/jwks.json"]);
});

Deno.test("`createAdmissionCheck()` refuses what is no admission for this server", async () => {
  const { check } = checkOver(serving(ONE, TWO));
  for (const [name, text, refusal] of [...await forgeries(), ...await oddities()]) {
    equal(await refusalOf(check, text), refusal, name);
  }
  equal(await refusalOf(check, await issue()), "let in");
});

Deno.test("`createAdmissionCheck()` throws where an option is missing that would let anything in", () => {
  const keysUrl = `${ISSUER}/keys`;
  const wrong: Record<string, unknown[]> = {
    issuer: [undefined, null, "", " ", [], [ISSUER]],
    audience: [undefined, null, "", " ", [], [undefined]],
    room: [undefined, null, "", [], [""], [ROOM, undefined]],
    leewaySeconds: [NaN, Infinity, -1, "10"],
    keysMaxAgeSeconds: [NaN, Infinity, -1, "10"],
  };
  for (const [option, values] of Object.entries(wrong)) {
    for (const value of values) {
      throws(
        () => checkOver(serving(ONE), { keysUrl, [option]: value } as never),
        { name: "TypeError", message: new RegExp(option) },
        `${option}: ${value}`,
      );
    }
  }
});

Deno.test("`createAdmissionCheck()` takes the admissions of several rooms", async () => {
  const { check } = checkOver(serving(ONE), { room: [ROOM, "main"] });
  equal(await refusalOf(check, await issue({ room: "main" as never })), "let in");
  equal(await refusalOf(check, await issue({ room: "other" as never })), "OTHER_ROOM");
});

Deno.test("`createAdmissionCheck()` gives clocks a leeway, and no more", async () => {
  const { check, clock } = checkOver(serving(ONE), { leewaySeconds: 5 });
  const admission = await issue();
  clock.advance(304_999);
  equal(await refusalOf(check, admission), "let in");
  clock.advance(1);
  equal(await refusalOf(check, admission), "EXPIRED");
});

Deno.test("`createAdmissionCheck()` follows the rotation of keys", async () => {
  let serve = serving(TWO, ONE);
  const { check, asked } = checkOver(() => serve(), { keysMaxAgeSeconds: 0 });
  equal(await refusalOf(check, await issue({}, ONE)), "let in", "the key before");
  equal(await refusalOf(check, await issue({}, TWO)), "let in", "the new key");
  serve = serving(TWO);
  equal(await refusalOf(check, await issue({}, ONE)), "INVALID", "a key that was rotated out");
  equal(await refusalOf(check, await issue({}, TWO)), "let in");
  equal(asked.length, 4);
});

Deno.test("`createAdmissionCheck()` takes no other algorithm, even of a key of the set", async () => {
  const { publicKey, privateKey } = await generateKeyPair("RS256", { extractable: true });
  const rsa = { ...await exportJWK(publicKey), kid: "rsa", alg: "RS256", use: "sig" };
  const keys = [...jwksOf(ONE).keys, rsa];
  const { check } = checkOver(() => Response.json({ keys }));
  const header = { alg: "RS256", typ: "admission+jwt", kid: "rsa" };
  const token = new SignJWT(decodeJwt(await issue())).setProtectedHeader(header);
  equal(await refusalOf(check, await token.sign(privateKey)), "INVALID");
});

Deno.test("`createAdmissionCheck()` fetches nothing more for unknown keys within half a minute", async () => {
  const { check, asked } = checkOver(serving(ONE));
  for (let call = 0; call < 5; call++) {
    equal(await refusalOf(check, await issue({}, TWO)), "INVALID");
  }
  equal(asked.length, 1);
});

Deno.test("`createAdmissionCheck()` lets nobody in without keys, and goes on when they are back", async () => {
  const down = [
    () => new Response("down", { status: 500 }),
    () => new Response("<html>"),
    () => Response.json({}),
    () => {
      throw new TypeError("not reached");
    },
  ];
  let serve: () => Response = serving(ONE);
  const { check } = checkOver(() => serve(), { keysMaxAgeSeconds: 0 });
  for (const answer of down) {
    serve = answer;
    await rejects(check(await issue()), AdmissionKeysError);
  }
  serve = serving(ONE);
  equal(await refusalOf(check, await issue()), "let in");
});

Deno.test("with a replay store each admission enters once, also with calls at once", async () => {
  const clock = testClock(NOW_MS);
  const replays = memoryReplayStore({ clock });
  const { check } = checkOver(serving(ONE), { replays, clock });
  const admission = await issue();
  const answers = await Promise.all([1, 2, 3].map(() => refusalOf(check, admission)));
  deepEqual(answers.sort(), ["REPLAYED", "REPLAYED", "let in"]);
  equal(await refusalOf(check, await issue()), "let in", "another one");
  clock.advance(300_000);
  equal(await refusalOf(check, admission), "REPLAYED", "within the leeway");
  clock.advance(10_000);
  equal(await refusalOf(check, admission), "EXPIRED");
  // One that is refused for another reason is not used up.
  const { check: elsewhere } = checkOver(serving(ONE), {
    replays,
    clock: testClock(NOW_MS),
    room: "main",
  });
  const kept = await issue();
  equal(await refusalOf(elsewhere, kept), "OTHER_ROOM");
  const { check: here } = checkOver(serving(ONE), { replays, clock: testClock(NOW_MS) });
  equal(await refusalOf(here, kept), "let in");
});

Deno.test("ids of admissions are kept until their end and the leeway are over", async () => {
  const kept: [string, number][] = [];
  const replays = { use: (...use: [string, number]) => kept.push(use) > 0 };
  const { check } = checkOver(serving(ONE), { replays, leewaySeconds: 5 });
  await check(await issue({ id: "one" }));
  deepEqual(kept, [["one", NOW_MS + 305_000]]);
});

Deno.test("`memoryReplayStore()` keeps a bounded number of ids, and forgets none that is alive", () => {
  const clock = testClock(0);
  const store = memoryReplayStore({ maxIds: 2, clock });
  equal(store.use("a", 10), true);
  equal(store.use("b", 20), true);
  equal(store.use("c", 30), false, "full");
  equal(store.use("a", 10), false);
  clock.advance(10);
  equal(store.use("c", 30), true);
  equal(store.use("b", 20), false);
});
