import { deepEqual, equal } from "node:assert/strict";
import {
  isKeySet,
  KEY_SET_ATTEMPT_INTERVAL_MS,
  KEY_SET_DEADLINE_MS,
  KEY_SET_REFRESH_MS,
  KEY_SET_USABLE_MS,
} from "../../src/domain/key_set.ts";

Deno.test("`isKeySet()` takes sets of keys, whatever else they say", () => {
  for (const keys of [[{}], [{ kty: "RSA" }, { kty: "OKP" }]]) {
    equal(isKeySet({ keys }), true);
    equal(isKeySet({ keys, more: 1 }), true);
  }
});

Deno.test("`isKeySet()` refuses what has no key, and what is none", () => {
  const others = [null, undefined, 7, "keys", [], {}, [{}], { keys: null }, { keys: "RSA" }];
  deepEqual(others.filter(isKeySet), []);
  deepEqual(
    [[], [null], ["RSA"], [7], [[]], [{}, null], [[], {}]].filter((keys) => isKeySet({ keys })),
    [],
  );
  equal(isKeySet({ keys: { length: 1 } }), false);
  equal(isKeySet(Object.assign(() => {}, { keys: [{}] })), false);
});

Deno.test("a key set is fetched and used for the documented times", () => {
  equal(KEY_SET_REFRESH_MS, 10 * 60 * 1000, "every ten minutes");
  equal(KEY_SET_ATTEMPT_INTERVAL_MS, 30 * 1000, "never twice within 30 seconds");
  equal(KEY_SET_USABLE_MS, 24 * 60 * 60 * 1000, "for 24 hours without the identity provider");
  equal(KEY_SET_DEADLINE_MS < 10 * 1000, true, "a request does not wait for longer");
});
