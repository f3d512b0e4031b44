import { deepEqual, equal } from "node:assert/strict";
import { mutatedModule } from "../../../src/tools/mutation/schemata.ts";
import { createProgram, createTypeFilter } from "../../../src/tools/mutation/type_filter.ts";

const LAST_OR_TEXT = `export function f(list: readonly number[], most: number): string {
  let [text, sum] = ["", 0];
  for (const each of list) {
    if (each > most || sum + each > 10) break;
    sum += each;
    text += \`\${each},\`;
  }
  return list.at(-1)?.toString() === text.slice(0, -1) ? "last" : text;
}`;

/** Pieces of source, and the mutations of each. */
const CASES: Readonly<Record<string, readonly (readonly [string, readonly string[]])[]>> = {
  "a comparison is moved by its bound, and negated": [
    ["(a: number, b: number) => a < b", ["a < b → <=", "a < b → >="]],
    ["(a: number, b: number) => a === b", ["a === b → !=="]],
  ],
  "a condition becomes true and false, which finds more than the negation does": [
    ["(a: number, b: number) => a < b ? a : b", ["a < b → true", "a < b → false", "a < b → <="]],
    ["(a: boolean) => { while (!a) f(); }", ["!a → false", "without f();"]],
  ],
  "arithmetic, logic and counting get another operator": [
    ["(a: number, b: number) => a * b - a", ["a * b - a → +", "a * b → /"]],
    ["(a?: number, b?: number) => (a && b) ?? a", ["(a && b) ?? a → &&", "a && b → ||"]],
    ["(a: number) => { a++; }", ["without a++;", "a++ → a--"]],
    ["(a: number) => { a -= 2; }", ["without a -= 2;", "a -= 2 → +=", "2 → 3", "2 → 1"]],
  ],
  "texts are not added, but emptied": [
    ["(a: string) => a + `${a}!`", ['`${a}!` → ""']],
    ["(a: string) => a === ''", ["a === '' → !==", "'' → \"mutated\""]],
  ],
  "numbers, booleans, lists and functions of the language change": [
    ["() => [7, true]", ["[7, true] → []", "7 → 8", "7 → 6", "true → false"]],
    ["(a: boolean[]) => Math.min(...a.map((b) => +!b))", ["min() → max()", "+!b → !b", "!b → b"]],
  ],
  "a chain loses each of its questions": [
    ["(a?: { b?: { c: number } }) => a?.b?.c", ["a?.b?.c → a?.b.c", "a?.b?.c → a.b?.c"]],
    ["(a?: number[]) => a?.[7]?.toFixed()", [
      "a?.[7]?.toFixed() → a?.[7].toFixed()",
      "a?.[7]?.toFixed() → a[7]?.toFixed()",
      "7 → 8",
      "7 → 6",
    ]],
  ],
  "a call, a fault and a return are left out, and a function returns at once": [
    ["function g(a: unknown): void { f(); if (!a) return; f(); }", [
      "without f();",
      "!a → true",
      "!a → false",
      "without return;",
      "without f(); #2",
      "return at once",
    ]],
    ["(a: string) => { throw new TypeError(`no ${a}`); }", [
      "without throw new TypeError(`no ${a}`);",
    ]],
  ],
  "no mutant is what the type checker refuses, a type or a name": [
    ['(a: "x" | "y", b: { 2: "y" }) => a === "x"', ['a === "x" → !==']],
    ['["x", "y"] as const', []],
    ['(): { "k": "x"; ok: true } => ({ "k": "x", ok: true })', []],
  ],
};

const folder = await Deno.makeTempDir({ prefix: "stanchion-operators-" });
Deno.test.afterAll(() => Deno.remove(folder, { recursive: true }));

const sources = new Map<string, string>();
for (const [snippet] of [...Object.values(CASES).flat(), [LAST_OR_TEXT, []] as const]) {
  const file = `${folder}/${sources.size}.ts`;
  sources.set(snippet, file);
  const text = snippet === LAST_OR_TEXT ? snippet : `export default ${snippet};`;
  await Deno.writeTextFile(file, `declare function f(): void;\n${text}`);
}
const program = createProgram([...sources.values()]);
const types = createTypeFilter(program.getTypeChecker());
const mutated = (snippet: string) =>
  mutatedModule(program.getSourceFile(sources.get(snippet)!)!, "a.ts", 1, types);

for (const [name, cases] of Object.entries(CASES)) {
  Deno.test(name, () => {
    for (const [snippet, expected] of cases) {
      deepEqual(mutated(snippet).mutants.map(({ mutation }) => mutation), expected, snippet);
    }
  });
}

Deno.test("without a switch a mutated module is what it was, and each switch changes it", async () => {
  const { code, mutants } = mutated(LAST_OR_TEXT);
  const file = `${folder}/mutated.ts`;
  await Deno.writeTextFile(file, `// @ts-nocheck: made of switches\n${code}`);
  let active = 0;
  Object.assign(globalThis, { __isMutant: (id: number) => id === active });
  const { f } = await import(`file://${file}`);
  const lists = [[], [3], [2, 3, 4], [4, 1], [5, 5, 5], [0, 9, 2], [10], [9, 1, 1], [3, 99]];
  function found(): string {
    return lists.map((list) => {
      try {
        return f(list, 9);
      } catch (error) {
        return `${error}`;
      }
    }).join(" ");
  }
  const unchanged = found();
  equal(unchanged, " last 2,3,4, 4,1, 5,5, 0,9,  9,1, 3,");
  const unnoticed = mutants.filter(({ id }) => {
    active = id;
    return found() === unchanged;
  });
  deepEqual(unnoticed.map(({ mutation }) => mutation), []);
});
