import { equal } from "node:assert/strict";
import fc from "fast-check";
import { doubledKey } from "../../src/http/pipeline/doubled_key.ts";

Deno.test("`doubledKey()` finds the key, however deep and however spelled", () => {
  const doubled: [string, string][] = [
    ['{"a":1,"a":1}', "a"],
    ['{"a":{"b":[{"c":1},{"d":{},"c":2,"d":[]}]}}', "d"],
    ['{ "a" :1 ,\n"a"\t: 2}', "a"],
    ['{"a":1,"\\u0061":2}', "a"],
    ['{"":1,"":2}', ""],
    ['{"a\\"":1,"a\\"":2}', 'a"'],
    ['{"\\\\":1,"b":"\\\\\\"","b":2}', "b"],
    ['{"__proto__":1,"__proto__":2}', "__proto__"],
    ['[{"a":{"b":1},"b":2,"a":3}]', "a"],
  ];
  for (const [json, key] of doubled) equal(doubledKey(json), key, json);
});

Deno.test("`doubledKey()` takes no text, no other object and no other case for a key", () => {
  const single = [
    "1",
    '"a"',
    "[]",
    "{}",
    '{"a":"a","b":"a"}',
    '{"a":{"a":{"a":[{"a":1},{"a":1}]}}}',
    '{"a":"\\"a\\":1,\\"a\\":2"}',
    '["a","a",{"a":"\\\\"},"a"]',
    '{"a":1,"A":2,"b":"a:","c":":"}',
  ];
  for (const json of single) equal(doubledKey(json), null, json);
});

Deno.test("`doubledKey()` agrees with JSON, for any value", () => {
  fc.assert(fc.property(fc.jsonValue(), fc.constantFrom(0, 2), (value, indent) => {
    equal(doubledKey(JSON.stringify(value, null, indent)), null);
  }));
  const member = fc.tuple(fc.constantFrom("a", "b", "c", '"', "\\", "é\n"), fc.jsonValue());
  fc.assert(fc.property(fc.array(member, { maxLength: 4 }), (members) => {
    const texts = members.map((pair) => pair.map((part) => JSON.stringify(part)).join(":"));
    const isDoubled = new Set(members.map(([key]) => key)).size < members.length;
    equal(doubledKey(`{${texts.join()}}`) !== null, isDoubled, texts.join());
  }));
});
