import type { App } from "../pipeline/api_env.ts";
import { JSON_MEDIA_TYPE } from "../pipeline/body.ts";
import { entityTag, knownVersions } from "../pipeline/versions.ts";
import { PROBLEMS_PATH } from "../problems/problems.ts";
import type { Clock } from "../../ports/clock.ts";
import type { AnyEndpoint } from "../pipeline/endpoint.ts";
import { dayOf, withDatesOf } from "./example_dates.ts";
import { page, PAGE_POLICY, SCRIPT_TYPE } from "./page.ts";

/** Reads a file of the reference page; null if it does not exist. */
export type DocsFile = (name: string) => Promise<Uint8Array<ArrayBuffer> | null>;
/** The files of the reference page of an API with these endpoints. */
export type DocsFiles = (endpoints: readonly AnyEndpoint[]) => DocsFile;

/** The OpenAPI document, and the page that explains the problems. */
export const DOCUMENT_FILE = "openapi.json";
export const PROBLEMS_FILE = "problems.html";

/** The other files of the reference page with their media types. */
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
/** Short, because a new version of the server has another document. */
const DOCUMENT_CACHING = "public, max-age=300";

interface ServedDocument {
  readonly day: string;
  readonly text: string;
  readonly version: string;
}

/** Gives the OpenAPI document with the examples of the day; null if the file does not exist. */
function dailyDocument(file: DocsFile, clock: Clock): () => Promise<ServedDocument | null> {
  let latest: ServedDocument | undefined;
  return async () => {
    const day = dayOf(clock());
    if (latest?.day === day) return latest;
    const bytes = await file(DOCUMENT_FILE);
    if (!bytes) return null;
    const text = withDatesOf(day, new TextDecoder().decode(bytes));
    const hash = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
    return latest = { day, text, version: new Uint8Array(hash).toHex().slice(0, 32) };
  };
}

export interface ReferenceOptions {
  readonly file: DocsFile;
  readonly addition: ReferenceAddition | undefined;
  readonly clock: Clock;
}

/** Mounts the OpenAPI document, a reference page that displays it, and the page of the problems. */
export function mountReference(app: App, { file, addition, clock }: ReferenceOptions): void {
  const document = dailyDocument(file, clock);
  app.get("/openapi.json", async (c) => {
    const found = await document();
    if (!found) return c.notFound();
    const { text, version } = found;
    const headers = { "Cache-Control": DOCUMENT_CACHING, ETag: entityTag(version) };
    const isKnown = knownVersions(c.req.header("If-None-Match") ?? null)(version);
    if (isKnown) return c.body(null, 304, headers);
    return c.body(text, 200, { "Content-Type": JSON_MEDIA_TYPE, ...headers });
  });
  app.get(PROBLEMS_PATH, async (c) => {
    const html = await file(PROBLEMS_FILE);
    if (!html) return c.notFound();
    return c.body(html, 200, {
      "Content-Type": "text/html; charset=utf-8",
      "Content-Security-Policy": PAGE_POLICY,
      "Cache-Control": ASSET_CACHING,
    });
  });
  const html = referencePage(addition);
  const script = START_SCRIPT + (addition?.script ?? "");
  app.get("/docs", (c) => c.html(html, 200, { "Content-Security-Policy": PAGE_POLICY }));
  app.get("/docs/start.js", (c) => c.body(script, 200, { "Content-Type": SCRIPT_TYPE }));
  for (const [name, mediaType] of Object.entries(DOCS_ASSETS)) {
    app.get(`/docs/${name}`, async (c) => {
      const bytes = await file(name);
      if (!bytes) return c.notFound();
      return c.body(bytes, 200, { "Content-Type": mediaType, "Cache-Control": ASSET_CACHING });
    });
  }
}
