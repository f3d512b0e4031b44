import { deepEqual, equal } from "node:assert/strict";
import { csvText } from "../../src/http/pipeline/csv_answer.ts";
import { parseCsv } from "../../src/http/schemas/csv.ts";

Deno.test("`csvText()` makes no text a formula, and leaves numbers numbers", () => {
  const cells = ["=1", "+1", "-1", "@a", "\t=1", "\r=1", "\n=1", "=a\nb", "a=1", "", "'a"];
  const items = cells.map((text) => ({ text, number: -1 }));
  const rows = csvText(["text", "number"], items).split("\r\n").slice(1, -1);
  deepEqual(rows, [
    `"'=1",-1`,
    `"'+1",-1`,
    `"'-1",-1`,
    `"'@a",-1`,
    `"'\t=1",-1`,
    `"'\r=1",-1`,
    `"'\n=1",-1`,
    `"'=a\nb",-1`,
    "a=1,-1",
    ",-1",
    "'a,-1",
  ]);
});

Deno.test("`csvText()` quotes as RFC 4180 has it; null is empty, an object is JSON", () => {
  const item = { a: 'x "y", z', b: null, c: { of: ["=1"] }, d: true };
  equal(
    csvText(["a", "b", "c", "d"], [item]),
    'a,b,c,d\r\n"x ""y"", z",,"{""of"":[""=1""]}",true\r\n',
  );
  equal(csvText(["a"], []), "a\r\n");
});

Deno.test("`parseCsv()` reads back what `csvText()` writes", () => {
  const items = [{ a: 'x "y", z', b: "1" }, { a: "two\nlines", b: "" }, { a: "  ", b: "=" }];
  const { names, rows, faults } = parseCsv(csvText(["a", "b"], items), 10);
  deepEqual([names, faults], [["a", "b"], []]);
  deepEqual(rows, [
    { line: 2, cells: { a: 'x "y", z', b: "1" } },
    { line: 3, cells: { a: "two\nlines" } },
    { line: 5, cells: { a: "  ", b: "'=" } },
  ]);
});

Deno.test("`parseCsv()` counts lines whatever they end with, and skips empty ones", () => {
  const { rows, faults } = parseCsv("a,b\r1,2\n\r\n3,4\r\n5\n6,7,8\n9,0", 10);
  deepEqual(rows.map(({ line }) => line), [2, 4, 7]);
  deepEqual(faults.map(({ path }) => path), ["line 5", "line 6"]);
});

Deno.test("`parseCsv()` reads no more rows than it may", () => {
  const { rows, faults } = parseCsv(`a\n${"1\n".repeat(1000)}`, 3);
  equal(rows.length + faults.length, 4);
});
