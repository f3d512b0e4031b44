import { OpenAPIHono } from "@hono/zod-openapi";
import { PROGRAM_VERSION } from "../../domain/version.ts";
import type { AnyEndpoint } from "../pipeline/endpoint.ts";
import { finished } from "./finishing.ts";
import { HEADERS } from "./headers.ts";
import { operationOf, SECURITY_SCHEMES } from "./operation.ts";
import { registerProblems } from "./problem_schemas.ts";
import { registerWebhookEvents } from "./webhook_events.ts";
import { TAGS } from "./tags.ts";

const INFO = {
  title: "Stanchion",
  version: PROGRAM_VERSION,
  summary: "A waiting room in front of a box office.",
  description:
    "Join the queue, wait to be admitted, hold seats, pay. Failures are problem documents " +
    "(RFC 9457) with a stable `code`.\n\n" +
    "Clients must ignore members, headers, codes and values of enumerations that they do not " +
    "know: new ones are no new version. Requests may have no members and query parameters but " +
    "those named here.",
  contact: { name: "The operator of this server" },
  license: { name: "MIT", identifier: "MIT" },
};

/** The OpenAPI 3.1 document of the endpoints. */
export function openApiDocument(endpoints: readonly AnyEndpoint[]): object {
  const app = new OpenAPIHono();
  const { openAPIRegistry: registry } = app;
  for (const [name, scheme] of Object.entries(SECURITY_SCHEMES)) {
    registry.registerComponent("securitySchemes", name, scheme);
  }
  for (const [name, header] of Object.entries(HEADERS)) {
    registry.registerComponent(
      "headers",
      name,
      { ...header, schema: { ...header.schema } } as never,
    );
  }
  registerProblems(app);
  for (const endpoint of endpoints) registry.registerPath(operationOf(endpoint, registry));
  registerWebhookEvents(app);
  const used = new Set(endpoints.map(({ tag }) => tag));
  return finished(app.getOpenAPI31Document({
    openapi: "3.1.0",
    info: INFO,
    servers: [{ url: "/", description: "The server that this document comes from." }],
    tags: Object.entries(TAGS).filter(([name]) => used.has(name))
      .map(([name, description]) => ({ name, description })),
  }));
}
