import { deepEqual, ok } from "node:assert/strict";
import { createWebhookDelivery } from "../../src/application/webhook_delivery.ts";
import { officeOver } from "../adapters/postgres/office.ts";
import { deliveryLaws } from "../application/delivery_laws.ts";
import type { Stage } from "../application/delivery_scene.ts";
import { DELIVERY_MUTATIONS } from "./delivery_mutations.ts";
import { pureCopy, withMutatedFunctions } from "./mutants.ts";
import type { Mutation } from "./mutations.ts";
import { openTestDatabase } from "../support/embedded_database.ts";

/** Each guard is taken out of a copy, and the law that it guards must break. */
const database = await openTestDatabase();
Deno.test.afterAll(() => database.close());

const stage: Stage = { office: officeOver(database), create: createWebhookDelivery };
const laws = new Map<string, () => Promise<void>>();
deliveryLaws((name, run) => void laws.set(name, run), stage);

/** The laws of this name that break. */
async function broken({ law }: Mutation): Promise<string[]> {
  const names: string[] = [];
  for (const [name, run] of laws) {
    if (law.test(name)) await run().catch(() => names.push(name));
  }
  return names;
}

async function brokenWithout(mutation: Mutation, folder: string): Promise<string[]> {
  if (mutation.file.endsWith(".sql")) {
    return await withMutatedFunctions(database.sql, mutation, () => broken(mutation));
  }
  const load = await pureCopy(folder, mutation);
  stage.create = (await load<{ createWebhookDelivery: Stage["create"] }>(mutation.file))
    .createWebhookDelivery;
  try {
    return await broken(mutation);
  } finally {
    stage.create = createWebhookDelivery;
  }
}

Deno.test("deliveries: unmutated ones break no law", async () => {
  for (const mutation of DELIVERY_MUTATIONS) deepEqual(await broken(mutation), []);
});

for (const mutation of DELIVERY_MUTATIONS) {
  Deno.test(`deliveries without "${mutation.guard}" fail`, async () => {
    const folder = await Deno.makeTempDir({ prefix: "stanchion-mutant-" });
    try {
      ok((await brokenWithout(mutation, folder)).length > 0, "nothing was noticed");
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  });
}
