import assert from "node:assert/strict";
import { waitingValues } from "../../src/http/pages/plain_line_values.ts";
import { filled } from "../../src/http/pages/template.ts";
import { shellHtml } from "../../src/site/page_shells.ts";

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

Deno.test("the waiting page without a script writes its wait as the language does", () => {
  const assets = { theme: "/t.js", styles: [], script: "/s.js", chunks: [] };
  const line = {
    state: "WAITING",
    ticket: 9,
    position: 9,
    ahead: 8,
    positionIsExact: true,
    positionIs: "EXACT",
    estimatedWaitSeconds: 1_800,
    estimatedWaitRange: { low: 180, high: 3_480 },
    pollAfterSeconds: 5,
    expiresAt: "2026-12-01T10:00:00.000Z",
    reason: null,
  } as const;
  const waitIn = (language: "en" | "ko") => {
    const html = filled(shellHtml("line", language, assets), waitingValues(language, line));
    return /<strong class="number">(.*?)<\/strong>/.exec(html)![1];
  };
  assert.equal(waitIn("ko"), "3–58분");
  assert.equal(waitIn("en"), "3–58 min");
});
