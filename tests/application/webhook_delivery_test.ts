import { createWebhookDelivery } from "../../src/application/webhook_delivery.ts";
import { officeOver } from "../adapters/postgres/office.ts";
import { deliveryLaws } from "./delivery_laws.ts";
import { openTestDatabase } from "../support/embedded_database.ts";

const database = await openTestDatabase();
Deno.test.afterAll(() => database.close());

deliveryLaws(Deno.test, { office: officeOver(database), create: createWebhookDelivery });
