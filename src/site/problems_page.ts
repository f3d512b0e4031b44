import { PROBLEM_INTRODUCTION } from "../http/document/problems_markdown.ts";
import { CODES } from "../http/document/problem_schemas.ts";
import { PROBLEM_TEXTS } from "../http/document/problem_texts.ts";
import { PROBLEM_TEXTS_KO } from "../http/document/problem_texts_ko.ts";
import { PROBLEMS, problemType } from "../http/problems/problems.ts";
import { prose } from "./html.ts";

/** The text of the page at which the `type` of each problem leads. */
export function problemsHtml(): string {
  const parts = CODES.map((code) => {
    const [en, ko] = [PROBLEM_TEXTS[code], PROBLEM_TEXTS_KO[code]];
    return `<section id="${problemType(code).split("#")[1]}">
<h2><code>${code}</code></h2>
<p class="call"><b>${PROBLEMS[code].status}</b> ${PROBLEMS[code].title}</p>
<p>${prose(en.cause)} ${prose(en.wayOn)}</p>
<p lang="ko">${prose(ko.cause)} ${prose(ko.wayOn)}</p>
</section>`;
  });
  return `<p>${prose(PROBLEM_INTRODUCTION)}</p>\n${parts.join("\n")}`;
}
