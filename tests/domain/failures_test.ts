import { deepEqual, equal } from "node:assert/strict";
import { DependencyError, OtherCurrencyError } from "../../src/domain/failures.ts";

Deno.test("the faults say in a log what they are, and of what", () => {
  const cause = new Error("refused");
  const down = new DependencyError("redis", cause);
  equal(`${down}`, "DependencyError: redis is unavailable");
  deepEqual([down.dependency, down.cause], ["redis", cause]);
  const other = new OtherCurrencyError("EUR");
  equal(`${other}`, "OtherCurrencyError: the amounts of this database are in EUR");
  equal(other.kept, "EUR");
});
