import { openApiDocument } from "../http/document/openapi_document.ts";
import { DOCUMENT_FILE, pageFile } from "../http/pages/reference.ts";
import { assetPath, type StaticFiles } from "../http/pages/static_files.ts";
import { PROBLEMS_PATH } from "../http/problems/problems.ts";
import { guideHtml, readGuides } from "./guides.ts";
import { type Frame, sitePage } from "./layout.ts";
import type { OpenApi } from "./openapi.ts";
import { problemsHtml } from "./problems_page.ts";
import { buildPages, type PageFiles } from "./pages.ts";
import { referencePages } from "./reference_pages.ts";
import { searchEntries } from "./search_index.ts";

type Bytes = Uint8Array<ArrayBuffer>;
/** Static files by their paths in the folder of assets. */
export type Site = ReadonlyMap<string, Bytes>;

const bytesOf = (text: string): Bytes => new TextEncoder().encode(text);

/** The pages of the documentation of an API, and their assets. */
export async function buildSite(document: OpenApi): Promise<Site> {
  const files = new Map<string, Bytes>();
  const add = async (name: string, content: Bytes): Promise<string> => {
    const path = await assetPath(name, content);
    files.set(path, content);
    return path;
  };
  const own = (name: string) => Deno.readFile(new URL(`assets/${name}`, import.meta.url));
  const guides = await readGuides();
  const library = await Deno.readFile(new URL(import.meta.resolve("minisearch")));
  const index = bytesOf(JSON.stringify(searchEntries(document, guides)));
  const frame: Frame = {
    assets: {
      style: await add("site.css", await own("site.css")),
      theme: await add("theme.js", await own("theme.js")),
      script: await add("site.js", await own("site.js")),
      searchLibrary: await add("minisearch.js", library),
      searchIndex: await add("search.json", index),
    },
    guides,
    tags: document.tags.map(({ name }) => name),
  };
  const put = (path: string, html: string) => files.set(pageFile(path), bytesOf(html));
  for (const { path, html } of referencePages(document, frame)) put(path, html);
  for (const guide of guides) {
    put(guide.path, sitePage(frame, guide, guideHtml(guide.markdown, document)));
  }
  const problems = { title: "Problems", path: PROBLEMS_PATH };
  put(PROBLEMS_PATH, sitePage(frame, problems, problemsHtml()));
  files.set(DOCUMENT_FILE, bytesOf(JSON.stringify(document)));
  return files;
}

/** All static files: those of the documentation, and the pages of fans. */
export async function buildStaticFiles(document: OpenApi): Promise<Site> {
  return new Map([...await buildSite(document), ...await buildPages()]);
}

/** Built once a process: its sources do not change. */
let pages: Promise<PageFiles> | undefined;

/** Builds the pages, and the documentation of the endpoints, when the first of each is asked for. */
export const siteFiles: StaticFiles = (endpoints) => {
  let document: OpenApi | undefined;
  let site: Promise<Site> | undefined;
  const made = () => document ??= openApiDocument(endpoints) as OpenApi;
  const page = async (path: string) => (await (pages ??= buildPages())).get(path);
  const ofDocs = async (path: string) => (await (site ??= buildSite(made()))).get(path);
  return async (path) => {
    if (path === DOCUMENT_FILE) return bytesOf(JSON.stringify(made()));
    if (path.startsWith("docs/")) return await ofDocs(path) ?? null;
    return await page(path) ?? await ofDocs(path) ?? null;
  };
};
