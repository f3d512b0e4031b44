import { PROBLEMS, problemType } from "../http/problems/problems.ts";
import { CODES } from "../http/document/problem_schemas.ts";
import { PROBLEM_TEXTS } from "../http/document/problem_texts.ts";
import { PROBLEM_TEXTS_KO } from "../http/document/problem_texts_ko.ts";
import { anchorOf, type Guide } from "./guides.ts";
import { callPath, callsOf, type OpenApi, SCHEMAS_PATH } from "./openapi.ts";

/** What the search finds: its place is the id. */
interface Entry {
  readonly id: string;
  readonly title: string;
  readonly kind: "Guide" | "Call" | "Problem" | "Schema";
  readonly text: string;
}

function sectionsOf({ title, path, markdown }: Guide): Entry[] {
  return markdown.split(/^## /m).map((section, index): Entry => {
    const [heading, ...lines] = section.split("\n");
    return {
      id: index === 0 ? path : `${path}#${anchorOf(heading!)}`,
      title: index === 0 ? title : `${title}: ${heading}`,
      kind: "Guide",
      text: lines.join(" "),
    };
  });
}

/** Everything that can be found. */
export function searchEntries(document: OpenApi, guides: readonly Guide[]): Entry[] {
  const calls = callsOf(document).map((call): Entry => ({
    id: callPath(call),
    title: call.summary,
    kind: "Call",
    text: `${call.method} ${call.path} ${call.operationId} ${call.description}`,
  }));
  const problems = CODES.map((code): Entry => ({
    id: problemType(code),
    title: code,
    kind: "Problem",
    text: [PROBLEMS[code].title, PROBLEM_TEXTS[code], PROBLEM_TEXTS_KO[code]].flatMap((part) =>
      typeof part === "string" ? [part] : [part.cause, part.wayOn]
    ).join(" "),
  }));
  const schemas = Object.entries(document.components.schemas).map(([name, schema]): Entry => ({
    id: `${SCHEMAS_PATH}#${name}`,
    title: name,
    kind: "Schema",
    text: [schema.description ?? "", ...Object.keys(schema.properties ?? {})].join(" "),
  }));
  return [...guides.flatMap(sectionsOf), ...calls, ...problems, ...schemas];
}
