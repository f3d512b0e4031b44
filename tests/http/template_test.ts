import assert from "node:assert/strict";
import { filled } from "../../src/http/pages/template.ts";

Deno.test("filled() writes values as texts of HTML", () => {
  assert.equal(
    filled("<a>{{x}}</a>", { x: `<b title="'&">` }),
    "<a>&lt;b title=&quot;&#39;&amp;&quot;&gt;</a>",
  );
  assert.equal(filled("{{none}}.{{no}}", { no: null }), ".");
});

Deno.test("filled() repeats a section for each item, and omits what is nothing", () => {
  const template = "{{#each}}[{{name}} of {{all}}{{#old}}, old{{/old}}]{{/each}}";
  const each = [{ name: "a", old: true }, { name: "b", old: false }];
  assert.equal(filled(template, { all: 2, each }), "[a of 2, old][b of 2]");
  assert.equal(filled(template, { each: [] }), "");
});

Deno.test("filled() fills no value again", () => {
  const values = { a: "{{b}}", b: "secret", on: true };
  assert.equal(filled("{{a}}{{#on}}{{a}}{{/on}}", values), "{{b}}{{b}}");
});
