import { page } from "../pages/page.ts";
import { PROBLEMS, problemType } from "../problems/problems.ts";
import { CODES } from "./problem_schemas.ts";
import { PROBLEM_TEXTS } from "./problem_texts.ts";
import { PROBLEM_TEXTS_KO } from "./problem_texts_ko.ts";

const INTRODUCTION =
  "Every refusal is a problem document (RFC 9457). `code` is stable: decide by " +
  "it, and by nothing else. `type` leads to the part of this page about it.";

const STYLE = `<style>
  :root { color-scheme: light dark; font: 16px/1.6 system-ui, sans-serif; }
  main { max-width: 44rem; margin: 2rem auto; padding: 0 1.25rem; overflow-wrap: anywhere; }
  h2 { margin: 2.5rem 0 .25rem; font: 600 1.1rem ui-monospace, monospace; }
  h2:target { outline: 2px solid; outline-offset: .3rem; }
  p { margin: .25rem 0; }
</style>`;

function anchorOf(type: string): string {
  return type.split("#")[1]!;
}

/** Text with code between backquotes, as HTML. */
function html(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;")
    .replaceAll(/`([^`]+)`/g, "<code>$1</code>");
}

/** The page at which the `type` of each problem leads. */
export function problemsPage(): string {
  const parts = CODES.map((code) => {
    const [en, ko] = [PROBLEM_TEXTS[code], PROBLEM_TEXTS_KO[code]];
    return `<h2 id="${anchorOf(problemType(code))}">${code}</h2>
<p>${PROBLEMS[code].status} ${PROBLEMS[code].title}</p>
<p>${html(en.cause)} ${html(en.wayOn)}</p>
<p lang="ko">${html(ko.cause)} ${html(ko.wayOn)}</p>`;
  });
  const body = `<main>\n<h1>Problems</h1>\n<p>${html(INTRODUCTION)}</p>\n${
    parts.join("\n")
  }\n</main>`;
  return page({ title: "Stanchion problems", head: STYLE, body });
}

/** The same as docs/problems.md. */
export function problemsMarkdown(): string {
  const parts = CODES.map((code) => {
    const [en, ko] = [PROBLEM_TEXTS[code], PROBLEM_TEXTS_KO[code]];
    const { status, title } = PROBLEMS[code];
    return `## ${code}\n\n${status} ${title}. ${en.cause} ${en.wayOn}\n\n${ko.cause} ${ko.wayOn}\n`;
  });
  return [`# Problems\n\n${INTRODUCTION}\n`, ...parts].join("\n");
}
