import { page } from "../http/pages/page.ts";
import { PROBLEMS_PATH } from "../http/problems/problems.ts";
import { escaped } from "./html.ts";
import { SCHEMAS_PATH, tagPath, WEBHOOKS_PATH } from "./openapi.ts";

/** The paths of the assets that every page loads. */
export interface PageAssets {
  readonly style: string;
  readonly theme: string;
  readonly script: string;
  /** Loaded by the first search. */
  readonly searchLibrary: string;
  readonly searchIndex: string;
}

export interface NamedPage {
  readonly title: string;
  readonly path: string;
}

/** What every page of the site has. */
export interface Frame {
  readonly assets: PageAssets;
  readonly guides: readonly NamedPage[];
  readonly tags: readonly string[];
}

function link({ title, path }: NamedPage, current: string): string {
  const mark = path === current ? ' aria-current="page"' : "";
  return `<li><a href="${path}"${mark}>${escaped(title)}</a></li>`;
}

function contents({ guides, tags }: Frame, current: string): string {
  const list = (heading: string, pages: readonly NamedPage[]) =>
    `<h2>${heading}</h2>\n<ul>\n${pages.map((page) => link(page, current)).join("\n")}\n</ul>`;
  return [
    list("Guides", [{ title: "Overview", path: "/docs" }, ...guides]),
    list("Reference", [
      ...tags.map((tag) => ({ title: tag, path: tagPath(tag) })),
      { title: "Webhooks", path: WEBHOOKS_PATH },
      { title: "Schemas", path: SCHEMAS_PATH },
      { title: "Problems", path: PROBLEMS_PATH },
      { title: "OpenAPI document", path: "/openapi.json" },
    ]),
  ].join("\n");
}

/** A whole page; `main` is HTML. The theme is set before anything is drawn. */
export function sitePage(frame: Frame, { title, path }: NamedPage, main: string): string {
  const { assets } = frame;
  const data = ` data-library="/${assets.searchLibrary}" data-index="/${assets.searchIndex}"`;
  return page({
    title: `${escaped(title)} · Stanchion`,
    root: data,
    head: `<link rel="stylesheet" href="/${assets.style}">
<script src="/${assets.theme}"></script>
<script type="module" src="/${assets.script}"></script>`,
    body: `<a class="skip" href="#main">Skip to the text</a>
<header>
<a class="name" href="/docs">Stanchion</a>
<form id="search" role="search" hidden>
<input type="search" aria-label="Search the documentation" placeholder="Search" autocomplete="off">
</form>
<button id="theme" type="button" hidden>Theme</button>
</header>
<div id="results" role="status" hidden></div>
<div class="columns">
<nav aria-label="Documentation">
<details>
<summary>Contents</summary>
${contents(frame, path)}
</details>
</nav>
<main id="main" tabindex="-1">
<h1>${escaped(title)}</h1>
${main}
</main>
</div>`,
  });
}
