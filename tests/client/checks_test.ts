import { createStanchionClient } from "../../src/client/client.ts";
import { clientChecks } from "./checks/all.ts";

for (const [name, check] of Object.entries(clientChecks)) {
  Deno.test(`client: ${name}`, () => check(createStanchionClient));
}
