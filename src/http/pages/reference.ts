import type { App } from "../pipeline/api_env.ts";
import { JSON_MEDIA_TYPE } from "../pipeline/body.ts";
import { PROBLEMS_PATH } from "../problems/problems.ts";
import type { Clock } from "../../ports/clock.ts";
import { dayOf, withDatesOf } from "./example_dates.ts";
import { PAGE_POLICY } from "./page.ts";
import { contentHash, type StaticFile } from "./static_files.ts";
import { versionedFile } from "./versioned_file.ts";

/** The OpenAPI document in the folder of assets. */
export const DOCUMENT_FILE = "docs/openapi.json";

/** The file of a page of the documentation: `/docs/api/line` is `docs/api/line.html`. */
export function pageFile(path: string): string {
  return path === "/docs" ? "docs/index.html" : `${path.slice(1)}.html`;
}

/** Short, because a new version of the server has other texts. */
const CACHING = "public, max-age=300";

interface ServedText {
  readonly day: string;
  readonly text: string;
  readonly version: string;
}

/** Gives texts with the examples of the day; null if the file does not exist. One is kept a file. */
function dailyTexts(file: StaticFile, clock: Clock): (path: string) => Promise<ServedText | null> {
  const latest = new Map<string, ServedText>();
  return async (path) => {
    const day = dayOf(clock());
    const kept = latest.get(path);
    if (kept?.day === day) return kept;
    const bytes = await file(path);
    if (!bytes) return null;
    const text = `${withDatesOf(day, new TextDecoder().decode(bytes)).trimEnd()}\n`;
    const served = { day, text, version: await contentHash(new TextEncoder().encode(text)) };
    latest.set(path, served);
    return served;
  };
}

export interface ReferenceOptions {
  readonly file: StaticFile;
  readonly clock: Clock;
}

/** Mounts the OpenAPI document, and the pages of the documentation. */
export function mountReference(app: App, { file, clock }: ReferenceOptions): void {
  const textOf = dailyTexts(file, clock);
  const serve = (
    route: string,
    fileOf: (path: string) => string,
    mediaType: string,
    policy: Readonly<Record<string, string>> = {},
  ) =>
    app.get(route, async (c) => {
      const found = await textOf(fileOf(c.req.path));
      if (!found) return c.notFound();
      const { version, text: content } = found;
      const headers = { ...policy, "Cache-Control": CACHING };
      return versionedFile(c, { version, content, mediaType, headers });
    });

  serve("/openapi.json", () => DOCUMENT_FILE, JSON_MEDIA_TYPE);
  const pages = ["/docs", PROBLEMS_PATH, "/docs/:folder{api|guides}/:name{[a-z-]+}"];
  const policy = { "Content-Security-Policy": PAGE_POLICY };
  for (const route of pages) serve(route, pageFile, "text/html; charset=utf-8", policy);
}
