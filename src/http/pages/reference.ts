import type { App } from "../pipeline/api_env.ts";
import { SECURITY_SCHEMES } from "../pipeline/describe.ts";
import { registerWebhookEvents } from "./webhook_events.ts";
import { page, PAGE_POLICY, SCRIPT_TYPE } from "./page.ts";

/** Reads a file of the reference page; null if it does not exist. */
export type DocsAsset = (name: string) => Promise<Uint8Array<ArrayBuffer> | null>;

/** The files of the reference page with their media types. */
export const DOCS_ASSETS: Readonly<Record<string, string>> = {
  "swagger-ui.css": "text/css; charset=utf-8",
  "swagger-ui-bundle.js": SCRIPT_TYPE,
};

const START_SCRIPT = `const reference = SwaggerUIBundle({
  url: "/openapi.json",
  dom_id: "#reference",
  deepLinking: true,
  docExpansion: "list",
  displayRequestDuration: true,
  persistAuthorization: true,
  tryItOutEnabled: true,
  validatorUrl: null,
});
`;

const STYLE = `<style>
  body { margin: 0; }
</style>`;

/** HTML for the top of the reference page, and a script that can use the variable `reference`. */
export interface ReferenceAddition {
  readonly html: string;
  readonly script: string;
}

function referencePage(addition: ReferenceAddition | undefined): string {
  return page({
    title: "Stanchion API",
    head: `<link rel="stylesheet" href="/docs/swagger-ui.css">\n${STYLE}`,
    body: `${addition?.html ?? ""}
<main id="reference"></main>
<script src="/docs/swagger-ui-bundle.js"></script>
<script src="/docs/start.js"></script>`,
  });
}

const ASSET_CACHING = "public, max-age=3600";

/** Mounts the OpenAPI document of the mounted routes, and a reference page that displays it. */
export function mountReference(
  app: App,
  { asset, addition }: { asset: DocsAsset; addition: ReferenceAddition | undefined },
): void {
  for (const [name, scheme] of Object.entries(SECURITY_SCHEMES)) {
    app.openAPIRegistry.registerComponent("securitySchemes", name, scheme);
  }
  registerWebhookEvents(app);
  let document: string | undefined;
  app.get("/openapi.json", (c) => {
    document ??= JSON.stringify(openApiDocument(app));
    return c.body(document, 200, { "Content-Type": "application/json" });
  });
  const html = referencePage(addition);
  const script = START_SCRIPT + (addition?.script ?? "");
  app.get("/docs", (c) => c.html(html, 200, { "Content-Security-Policy": PAGE_POLICY }));
  app.get("/docs/start.js", (c) => c.body(script, 200, { "Content-Type": SCRIPT_TYPE }));
  for (const [name, mediaType] of Object.entries(DOCS_ASSETS)) {
    app.get(`/docs/${name}`, async (c) => {
      const bytes = await asset(name);
      if (!bytes) return c.notFound();
      return c.body(bytes, 200, { "Content-Type": mediaType, "Cache-Control": ASSET_CACHING });
    });
  }
}

export function openApiDocument(app: App) {
  return app.getOpenAPI31Document({
    openapi: "3.1.0",
    info: {
      title: "Stanchion",
      version: "1.0.0",
      description:
        "A waiting room in front of a box office. Join the queue, wait to be admitted, " +
        "hold seats, pay. Failures are problem documents (RFC 9457) with a stable `code`.",
      license: { name: "MIT" },
    },
    servers: [{ url: "/" }],
    tags: [
      "Line",
      "Concerts",
      "Reservations",
      "Payments",
      "Tickets",
      "Balance",
      "Operator",
      "Health",
    ]
      .map((name) => ({ name })),
  });
}
