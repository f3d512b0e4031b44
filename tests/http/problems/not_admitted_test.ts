import { deepEqual, equal } from "node:assert/strict";
import { lineStatus } from "../../../src/domain/line_status.ts";
import type { Standing } from "../../../src/domain/queue.ts";
import { problemOf } from "../../../src/http/problems/failures.ts";
import { problemDocument, problemHeaders } from "../../../src/http/problems/problems.ts";
import { AT_MS, FIRST, RULES, tokenOfFan, UNMEASURED } from "../../support/fronts.ts";

const CONTEXT = { waitingTtlMs: 21_600_000, nowMs: AT_MS, random: 0 };
const TOKEN = tokenOfFan({ order: FIRST + 7 });
const NEAR: Standing = {
  state: "WAITING",
  order: FIRST + 7,
  ahead: 5,
  positionIs: "EXACT",
  isNear: true,
  pollAfterSeconds: 3,
  expiresAtMs: AT_MS,
  provenAtMs: AT_MS,
  speed: UNMEASURED,
  rules: RULES,
  seats: "SOME",
  countStock: false,
};

function problem(standing: Standing) {
  const line = lineStatus(TOKEN, standing, CONTEXT);
  return problemOf({ kind: "NOT_ADMITTED", line }, ({ isNear }) => isNear ? "a near token" : "");
}

Deno.test("NOT_ADMITTED of a waiting fan has the line with its token, and Retry-After", () => {
  const { line, detail } = problemDocument(problem(NEAR), "id") as {
    line: Record<string, unknown>;
    detail: string;
  };
  deepEqual([line["state"], line["position"], line["token"]], ["WAITING", 6, "a near token"]);
  equal(detail, "It is not your turn yet. Poll your place again in 3 s.");
  deepEqual(problemHeaders(problem(NEAR)), { "Retry-After": "3" });
});

Deno.test("NOT_ADMITTED of a place that is gone has no Retry-After: nothing comes by waiting", () => {
  const gone = problem({ state: "GONE", reason: "ENDED", endedBecause: "PAID" });
  const { line } = problemDocument(gone, "id") as { line: Record<string, unknown> };
  deepEqual([line["state"], line["endedBecause"]], ["GONE", "PAID"]);
  deepEqual(problemHeaders(gone), {});
});
