import type { OpenAPIHono } from "@hono/zod-openapi";
import type { ApiEnv } from "./api_env.ts";
import { SECURITY_SCHEMES } from "./describe.ts";

/** A file of the reference page, or null. */
export type DocsAsset = (name: string) => Promise<Uint8Array<ArrayBuffer> | null>;

const MEDIA_TYPES: Record<string, string> = {
  "swagger-ui.css": "text/css; charset=utf-8",
  "swagger-ui-bundle.js": "text/javascript; charset=utf-8",
};

const START_SCRIPT = `SwaggerUIBundle({
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

const PAGE = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Stanchion API</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/docs/swagger-ui.css">
</head>
<body>
<main id="reference"></main>
<script src="/docs/swagger-ui-bundle.js"></script>
<script src="/docs/start.js"></script>
</body>
</html>
`;

const ASSET_CACHING = "public, max-age=3600";

/** Everything comes from this host; Swagger UI needs inline styles and data images. */
const PAGE_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "frame-ancestors 'none'",
  "base-uri 'none'",
].join("; ");

/** The OpenAPI document, made from the mounted routes, and a reference page over it. */
export function mountDocs(app: OpenAPIHono<ApiEnv>, asset: DocsAsset): void {
  for (const [name, scheme] of Object.entries(SECURITY_SCHEMES)) {
    app.openAPIRegistry.registerComponent("securitySchemes", name, scheme);
  }
  let document: string | undefined;
  app.get("/openapi.json", (c) => {
    document ??= JSON.stringify(openApiDocument(app));
    return c.body(document, 200, { "Content-Type": "application/json" });
  });
  app.get("/docs", (c) => c.html(PAGE, 200, { "Content-Security-Policy": PAGE_POLICY }));
  app.get(
    "/docs/start.js",
    (c) => c.body(START_SCRIPT, 200, { "Content-Type": "text/javascript; charset=utf-8" }),
  );
  for (const [name, mediaType] of Object.entries(MEDIA_TYPES)) {
    app.get(`/docs/${name}`, async (c) => {
      const bytes = await asset(name);
      if (!bytes) return c.notFound();
      return c.body(bytes, 200, { "Content-Type": mediaType, "Cache-Control": ASSET_CACHING });
    });
  }
}

export function openApiDocument(app: OpenAPIHono<ApiEnv>) {
  return app.getOpenAPI31Document({
    openapi: "3.1.0",
    info: {
      title: "Stanchion",
      version: "1.0.0",
      description: "A waiting room in front of a box office. Join the line, wait to be admitted, " +
        "hold seats, pay. Failures are problem documents (RFC 9457) with a stable `code`.",
      license: { name: "MIT" },
    },
    servers: [{ url: "/" }],
    tags: ["Line", "Concerts", "Reservations", "Payments", "Balance", "Operator", "Health"]
      .map((name) => ({ name })),
  });
}
