import { Marked } from "marked";
import { PROBLEMS, PROBLEMS_PATH, problemType } from "../http/problems/problems.ts";
import type { ApiFailureKind } from "../http/problems/failures.ts";
import { escaped } from "./html.ts";
import { callPath, callsOf, type OpenApi } from "./openapi.ts";

/** The guides in their order: files of docs/guides/. */
export const GUIDES = ["sale", "errors", "retries", "polling", "going-live"] as const;

export interface Guide {
  readonly title: string;
  readonly path: string;
  readonly markdown: string;
}

const FOLDER = new URL("../../docs/guides/", import.meta.url);

/** Reads the guides. Each begins with its title. */
export async function readGuides(): Promise<Guide[]> {
  return await Promise.all(GUIDES.map(async (name) => {
    const markdown = await Deno.readTextFile(new URL(`${name}.md`, FOLDER));
    const title = /^# (.+)\n/.exec(markdown)?.[1];
    if (title === undefined) throw new Error(`docs/guides/${name}.md has no title`);
    return { title, path: `/docs/guides/${name}`, markdown };
  }));
}

/** The anchor of a heading, as the forge makes it. */
export function anchorOf(heading: string): string {
  return heading.toLowerCase().replaceAll(/[^\p{L}\p{N} _-]/gu, "").replaceAll(" ", "-");
}

/** Where the site has what a link of a guide leads to; null if it has not. */
function siteLink(href: string): string | null {
  const [file, anchor] = href.split("#") as [string, string?];
  const hash = anchor === undefined ? "" : `#${anchor}`;
  if (file === "") return hash;
  if (/^https:/.test(file)) return href;
  if (file === "../openapi.json") return "/openapi.json";
  if (file === "../problems.md") return PROBLEMS_PATH + hash;
  const name = /^([a-z-]+)\.md$/.exec(file)?.[1];
  return (GUIDES as readonly (string | undefined)[]).includes(name)
    ? `/docs/guides/${name}${hash}`
    : null;
}

/**
 * A guide as HTML, without its title. Names of calls, such as `GET /v1/queue`, and codes of problems
 * become links. Throws for a call that the document does not have, and for a page that is not served.
 */
export function guideHtml(markdown: string, document: OpenApi): string {
  const calls = new Map(callsOf(document).map((call) => [`${call.method} ${call.path}`, call]));
  const marked = new Marked({
    renderer: {
      heading({ depth, tokens }) {
        const text = this.parser.parseInline(tokens);
        return `<h${depth} id="${anchorOf(text)}">${text}</h${depth}>\n`;
      },
      link({ href, tokens }) {
        const target = siteLink(href);
        if (target === null) throw new Error(`a guide links to ${href}, which is not served`);
        return `<a href="${escaped(target)}">${this.parser.parseInline(tokens)}</a>`;
      },
      codespan({ text }) {
        const code = `<code>${escaped(text)}</code>`;
        if (text in PROBLEMS) return `<a href="${problemType(text as ApiFailureKind)}">${code}</a>`;
        if (!/^(?:GET|POST|PATCH|DELETE) \//.test(text)) return code;
        const call = calls.get(text);
        if (!call) throw new Error(`a guide names ${text}, which is no call`);
        return `<a href="${callPath(call)}">${code}</a>`;
      },
    },
  });
  return marked.parse(markdown.replace(/^# .+\n/, ""), { async: false });
}
