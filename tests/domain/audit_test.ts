import { equal, ok } from "node:assert/strict";
import { AUDIT_ACTIONS, CLOCK_OPERATOR } from "../../src/domain/audit.ts";

Deno.test("an opening that its time brought about is the clock's in the log", () => {
  equal(CLOCK_OPERATOR, "the clock");
});

Deno.test("each action of the log has a name of its own", () => {
  equal(new Set(AUDIT_ACTIONS).size, AUDIT_ACTIONS.length);
  ok(AUDIT_ACTIONS.every((action) => /^[A-Z]+(?:_[A-Z]+)+$|^PROMOTED$/.test(action)));
});
