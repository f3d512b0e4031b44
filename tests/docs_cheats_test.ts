import { deepEqual, equal, ok } from "node:assert/strict";
import { type Document, exists, readDocument, tableRows } from "./support/documents.ts";

const NAMED_TEST = /"([^"]+)" in (tests\/[\w/]+\.ts)/g;

/** Whether a source text has a test of this name, or tests whose names begin so and have a value. */
function hasTest(text: string, name: string): boolean {
  const before = RegExp.escape(name);
  return new RegExp(`"${before}"|\`${before}[^\`]*\\$\\{`).test(text);
}

/** Rows that name no test, or one that does not exist; a bound is enough where `boundsCount`. */
function unshown({ text }: Document, boundsCount: boolean): string[] {
  return tableRows(text).flatMap((row) => {
    const [what, shownBy] = [row[0]!, row.at(-1)!];
    if (boundsCount && shownBy.startsWith("Bound: ")) return [];
    const tests = [...shownBy.matchAll(NAMED_TEST)];
    if (tests.length === 0) return [`${what}: no test`];
    return tests.filter(([, name, path]) =>
      !exists(path!) ||
      !hasTest(Deno.readTextFileSync(new URL(`../${path}`, import.meta.url)), name!)
    ).map(([, name]) => `${what}: ${name}`);
  });
}

Deno.test("each cheat in docs/cheats.md has a test that exists, or a bound", () => {
  const page = readDocument("docs/cheats.md");
  deepEqual(unshown(page, true), []);
  ok(tableRows(page.text).length >= 25);
});

Deno.test("each promise in docs/promises.md has a test that exists", () => {
  const page = readDocument("docs/promises.md");
  deepEqual(unshown(page, false), []);
  ok(tableRows(page.text).length >= 30);
});

Deno.test("the check of named tests finds what is missing", () => {
  const here = "tests/docs_cheats_test.ts";
  const rows = [
    "| a test of another name |",
    '| "no such test" in tests/missing_test.ts |',
    `| "${"no such test"} here" in ${here} |`,
    "| Bound: none |",
    `| "the check of named tests finds what is missing" in ${here} |`,
  ].map((cells, n) => `| ${n} ${cells}`);
  const text = ["| what | shown by |", "| --- | --- |", ...rows].join("\n");
  const planted = { path: "docs/planted.md", text };
  deepEqual(unshown(planted, true), [
    "0: no test",
    "1: no such test",
    "2: no such test here",
  ]);
  equal(unshown(planted, false).length, 4);
});
