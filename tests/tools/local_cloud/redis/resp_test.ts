import { deepEqual, equal, throws } from "node:assert/strict";
import {
  encodeCommand,
  type Reply,
  RespError,
  respParser,
} from "../../../../src/tools/local_cloud/redis/resp.ts";

const bytesOf = (text: string) => new TextEncoder().encode(text);

const STREAM = new Uint8Array([
  ...bytesOf("+OK\r\n-ERR no\r\n:-9223372036854775808\r\n$-1\r\n*-1\r\n*0\r\n$0\r\n\r\n"),
  ...[...bytesOf("$5\r\n"), 0, 13, 10, 255, 13, ...bytesOf("\r\n")],
  ...bytesOf("*3\r\n*2\r\n:1\r\n*1\r\n+in\r\n$2\r\n\r\n\r\n-ERR inner\r\n"),
]);
const REPLIES: readonly Reply[] = [
  { kind: "simple", text: "OK" },
  { kind: "error", message: "ERR no" },
  { kind: "integer", digits: "-9223372036854775808" },
  { kind: "nil" },
  { kind: "nil" },
  { kind: "array", items: [] },
  { kind: "bulk", bytes: new Uint8Array() },
  { kind: "bulk", bytes: new Uint8Array([0, 13, 10, 255, 13]) },
  {
    kind: "array",
    items: [
      {
        kind: "array",
        items: [
          { kind: "integer", digits: "1" },
          { kind: "array", items: [{ kind: "simple", text: "in" }] },
        ],
      },
      { kind: "bulk", bytes: new Uint8Array([13, 10]) },
      { kind: "error", message: "ERR inner" },
    ],
  },
];

Deno.test("`respParser()` keeps every kind of reply apart, wherever the stream is cut", () => {
  deepEqual(respParser().push(STREAM), REPLIES);
  for (let cut = 1; cut < STREAM.length; cut++) {
    const parser = respParser();
    const parts = [STREAM.subarray(0, cut), STREAM.subarray(cut)];
    deepEqual(parts.flatMap((part) => parser.push(part)), REPLIES, `cut at ${cut}`);
  }
  const byByte = respParser();
  deepEqual([...STREAM].flatMap((byte) => byByte.push(new Uint8Array([byte]))), REPLIES);
});

Deno.test("`respParser()` gives strings that later bytes do not overwrite", () => {
  const parser = respParser();
  const [first] = parser.push(bytesOf("$3\r\nabc\r\n"));
  parser.push(bytesOf("$3\r\nxyz\r\n"));
  deepEqual(first, { kind: "bulk", bytes: bytesOf("abc") });
});

for (
  const [what, text] of [
    ["another start", "?1\r\n"],
    ["a word for an integer", ":one\r\n"],
    ["a negative length", "$-2\r\n"],
    ["an absurd length", "$99999999999\r\n"],
    ["a string that is longer than it said", "$2\r\nabc\r\n"],
    ["a line without its line feed", "+OK\rx"],
    ["a line without an end", `+${"x".repeat(70_000)}`],
  ] as const
) {
  Deno.test(`\`respParser()\` refuses ${what}`, () => {
    throws(() => respParser().push(bytesOf(text)), RespError);
  });
}

Deno.test("`encodeCommand()` counts bytes of UTF-8, also of half a surrogate pair", () => {
  for (
    const text of ["", "a\r\nb", "é", "€", "🎟", "a\ud800", "\udc00b", "\ud800\ud800", "\ud83c"]
  ) {
    const sent = bytesOf(encodeCommand(["SET", text]));
    const length = bytesOf(text).length;
    const tail = [...bytesOf(`$${length}\r\n`), ...bytesOf(text), 13, 10];
    deepEqual(sent.slice(-tail.length), new Uint8Array(tail), JSON.stringify(text));
  }
  equal(encodeCommand(["GET", "k"]), "*2\r\n$3\r\nGET\r\n$1\r\nk\r\n");
});
