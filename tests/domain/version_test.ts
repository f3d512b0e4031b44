import { match } from "node:assert/strict";
import { PROGRAM_VERSION } from "../../src/domain/version.ts";

Deno.test("the version of the program is a semantic one", () => {
  match(PROGRAM_VERSION, /^\d+\.\d+\.\d+$/);
});
