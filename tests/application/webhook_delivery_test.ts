import { openEmbeddedDatabase } from "../../src/adapters/postgres/pglite.ts";
import { createWebhookDelivery } from "../../src/application/webhook_delivery.ts";
import { officeOver } from "../adapters/postgres/office.ts";
import { deliveryLaws } from "./delivery_laws.ts";

const database = await openEmbeddedDatabase();
Deno.test.afterAll(() => database.close());

deliveryLaws(Deno.test, { office: officeOver(database), create: createWebhookDelivery });
