import { PROBLEMS } from "../problems/problems.ts";
import { CODES } from "./problem_schemas.ts";
import { PROBLEM_TEXTS } from "./problem_texts.ts";
import { PROBLEM_TEXTS_KO } from "./problem_texts_ko.ts";

export const PROBLEM_INTRODUCTION =
  "Every refusal is a problem document (RFC 9457). `code` is stable: decide by " +
  "it, and by nothing else. `type` leads to the part of this page about it.";

/** The text of docs/problems.md. */
export function problemsMarkdown(): string {
  const parts = CODES.map((code) => {
    const [en, ko] = [PROBLEM_TEXTS[code], PROBLEM_TEXTS_KO[code]];
    const { status, title } = PROBLEMS[code];
    return `## ${code}\n\n${status} ${title}. ${en.cause} ${en.wayOn}\n\n${ko.cause} ${ko.wayOn}\n`;
  });
  return [`# Problems\n\n${PROBLEM_INTRODUCTION}\n`, ...parts].join("\n");
}
