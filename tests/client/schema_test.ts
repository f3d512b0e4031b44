import { equal } from "node:assert/strict";
import { SCHEMA, schemaText } from "../../src/tools/client/schema.ts";

Deno.test("the client's types are those that the generator makes of the document", async () => {
  equal(await Deno.readTextFile(SCHEMA), await schemaText(), "deno task document writes them");
});
