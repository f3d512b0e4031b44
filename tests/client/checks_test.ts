import { createStanchionClient } from "../../src/client/client.ts";
import { pollingChecks } from "./checks/polling.ts";
import { placeChecks } from "./checks/places.ts";

for (const [name, check] of Object.entries({ ...pollingChecks, ...placeChecks })) {
  Deno.test(`client: ${name}`, () => check(createStanchionClient));
}
