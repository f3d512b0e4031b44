import assert from "node:assert/strict";
import { FAILURE_EXAMPLES } from "../../../src/http/document/problem_examples.ts";
import type { ApiFailureKind } from "../../../src/http/problems/failures.ts";
import { problemDocument, PROBLEMS } from "../../../src/http/problems/problems.ts";

const REQUEST_ID = "request-1";

Deno.test("every problem has Korean words, and the same members in both languages", () => {
  for (const kind of Object.keys(PROBLEMS) as ApiFailureKind[]) {
    const { title: english, detail: inEnglish, ...rest } = problemDocument(
      FAILURE_EXAMPLES[kind],
      REQUEST_ID,
    );
    const { title, detail, ...same } = problemDocument(FAILURE_EXAMPLES[kind], REQUEST_ID, "ko");
    assert.deepEqual(same, rest, kind);
    assert.match(String(title), /[가-힣]/, kind);
    assert.match(String(detail), /[가-힣]/, kind);
    assert.doesNotMatch(`${english} ${inEnglish}`, /[가-힣]/, kind);
  }
});
