import assert from "node:assert/strict";
import { PROBLEMS } from "../../src/http/problems/problems.ts";
import { problems as en } from "../../src/pages/words/en/problems.ts";
import { problems as ko } from "../../src/pages/words/ko/problems.ts";

// deno-lint-ignore no-explicit-any
type Node = any;

const api: Node = JSON.parse(
  await Deno.readTextFile(new URL("../../docs/openapi.json", import.meta.url)),
);

/** The values of `code` in a part of the document, also where it refers to others. */
function codesIn(node: Node, seen = new Set<string>()): string[] {
  if (node === null || typeof node !== "object") return [];
  const { $ref } = node;
  if (typeof $ref === "string" && $ref.startsWith("#/")) {
    if (seen.has($ref)) return [];
    seen.add($ref);
    return codesIn($ref.slice(2).split("/").reduce((at: Node, name) => at[name], api), seen);
  }
  const { code } = node.properties ?? {};
  const own = code?.const ? [code.const] : code?.enum ?? [];
  return [...own, ...Object.values(node).flatMap((part) => codesIn(part, seen))];
}

/** The failures of the calls that fans make, by the published document. */
function fansCodes(): Set<string> {
  const codes = new Set<string>();
  for (const [path, methods] of Object.entries<Node>(api.paths)) {
    if (!path.startsWith("/v1/") || path.startsWith("/v1/admin/")) continue;
    for (const { responses } of Object.values<Node>(methods)) {
      for (const [status, answer] of Object.entries<Node>(responses ?? {})) {
        if (Number(status) >= 400) { for (const code of codesIn(answer)) codes.add(code); }
      }
    }
  }
  return codes;
}

Deno.test("every failure that a fan can meet is told in plain words with the way on, in both languages", () => {
  const codes = fansCodes();
  for (const expected of ["SEAT_UNAVAILABLE", "LINE_CLOSED", "REFUND_NOT_POSSIBLE", "INTERNAL"]) {
    assert.ok(codes.has(expected), expected);
  }
  for (const code of codes) {
    for (const words of [en, ko] as Record<string, { title: string; wayOn: string }>[]) {
      const { title, wayOn } = words[code] ?? { title: "", wayOn: "" };
      assert.ok(title.length > 5 && wayOn.length > 5, `${code} has no words`);
      assert.match(wayOn, /\.$/, code);
      assert.notEqual(words[code], words["PLACE_NOT_FOUND"], `${code} is told as an operator's`);
      assert.doesNotMatch(title + wayOn, /\b[A-Z]+_[A-Z]+\b|token|HTTP|JSON|API/, code);
    }
  }
});

Deno.test("the words are those of all failures, and of no others", () => {
  const all = Object.keys(PROBLEMS).toSorted();
  assert.deepEqual(Object.keys(en).toSorted(), all);
  assert.deepEqual(Object.keys(ko).toSorted(), all);
});

/** All texts of a page's words; those that are made are made of a sample. */
function textsOf(words: object): string[] {
  return Object.values(words).flatMap((value) =>
    typeof value === "function"
      ? [String(value("7"))]
      : typeof value === "string"
      ? [value]
      : textsOf(value)
  );
}

Deno.test("Korean texts are in Korean, and their sentences polite", async () => {
  const pages = ["frame", "home", "line", "problems", "shells", "shop", "tickets"];
  for (const page of pages) {
    const module = await import(`../../src/pages/words/ko/${page}.ts`);
    for (const text of textsOf(module[page])) {
      for (const sentence of text.split(/(?<=[.?])\s+/)) {
        if (!/[.?]$/.test(sentence)) continue;
        assert.match(sentence, /(니다|세요|까|요|주세요)[.?]$/, `${page}: ${sentence}`);
      }
      // Particles that depend on the word before them would be wrong after half of all names.
      assert.doesNotMatch(text, /[을를이가은는]\([을를이가은는]\)|\(으\)로/, `${page}: ${text}`);
    }
  }
});
