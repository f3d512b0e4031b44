import { PROBLEM_MEDIA_TYPE, problemType } from "../http/problems/problems.ts";
import type { ApiFailureKind } from "../http/problems/failures.ts";
import { escaped, paragraphs, path as pathOf, prose, sample } from "./html.ts";
import {
  type Answer,
  answersOf,
  type Call,
  type Media,
  nameOf,
  type OpenApi,
  type Parameter,
} from "./openapi.ts";
import { entry, membersOf, schemaLink } from "./schema_parts.ts";

const CREDENTIALS: Readonly<Record<string, string>> = {
  userToken: "a fan's token",
  queueToken: "a queue token",
  operatorToken: "an operator's token",
  doorToken: "a door's token",
};

function needs({ security = [] }: Call): string {
  const sets = security.map((scheme) =>
    Object.keys(scheme).map((name) => CREDENTIALS[name]!).join(" and ")
  );
  return sets.length === 0 ? "" : `<p class="needs">Needs ${sets.join(", or ")}.</p>`;
}

function parameters({ parameters = [] }: Call): string {
  if (parameters.length === 0) return "";
  const entries = parameters.map(({ name, in: place, required, description = "", schema }) =>
    entry({
      name: place === "path" ? `{${name}}` : name,
      schema,
      isRequired: required ?? false,
      description,
    })
  );
  return `<h3>Parameters</h3>\n<dl>\n${entries.join("\n")}\n</dl>`;
}

function media([type, { schema, example }]: [string, Media], document: OpenApi): string {
  const named = schema.$ref ? `: ${schemaLink(nameOf(schema.$ref))}` : "";
  return [
    `<p><code>${type}</code>${named}</p>`,
    ...(/json/.test(type) ? [membersOf(schema, document)] : []),
    ...(example === undefined ? [] : [sample(example)]),
  ].join("\n");
}

function body({ requestBody }: Call, document: OpenApi): string {
  if (!requestBody) return "";
  // A merge patch is the same object.
  const types = Object.entries(requestBody.content).filter(([type]) => !type.includes("merge"));
  return `<h3>Body${requestBody.required ? "" : ", optional"}</h3>\n${
    types.map((type) => media(type, document)).join("\n")
  }`;
}

function answers(call: Call, document: OpenApi): string {
  const all = answersOf(call, document);
  const good = all.filter(([status]) => /^[23]/.test(status)).map(([status, answer]) =>
    `<h3>${status} ${prose(answer.description)}</h3>\n${
      Object.entries(answer.content ?? {}).map((type) => media(type, document)).join("\n")
    }`
  );
  const codes = all.flatMap(([status, answer]) => status === "default" ? [] : problemCodes(answer));
  const links = codes.map((code) => `<a href="${problemType(code)}">${code}</a>`);
  const refusals = links.length === 0
    ? ""
    : `<h3>Refusals</h3>\n<p class="codes">${links.join(" ")}</p>`;
  return [...good, refusals].join("\n");
}

function problemCodes({ content = {} }: Answer): ApiFailureKind[] {
  return Object.keys(content[PROBLEM_MEDIA_TYPE]?.examples ?? {}) as ApiFailureKind[];
}

function field({ name, in: place, required, schema }: Parameter): string {
  return `<label>${name}<input name="${name}" data-in="${place}"${required ? " required" : ""}${
    place === "path" && schema.example !== undefined
      ? ` value="${escaped(String(schema.example))}"`
      : ""
  }></label>`;
}

/** A form that sends the call. The script of the site shows it. */
function trial(call: Call): string {
  const [type, { example }] = Object.entries(call.requestBody?.content ?? {})[0] ??
    ["", {} as Media];
  const text = example === undefined ? "" : escaped(JSON.stringify(example, null, 2));
  const area = type === ""
    ? ""
    : `<label>Body<textarea name="body" rows="6" data-type="${type}">${text}</textarea></label>`;
  const tokens = [...new Set((call.security ?? []).flatMap((scheme) => Object.keys(scheme)))];
  return `<details class="trial" hidden>
<summary>Try it: ${escaped(call.summary)}</summary>
<form data-method="${call.method}" data-path="${call.path}" data-tokens="${tokens.join(" ")}">
${(call.parameters ?? []).map(field).join("\n")}${area}
<button>Send</button>
<output></output>
</form>
</details>`;
}

/** All about one call. */
export function operationPart(call: Call, document: OpenApi): string {
  return `<section id="${call.operationId}">
<h2>${prose(call.summary)}</h2>
<p class="call"><b>${call.method}</b> <code>${pathOf(call.path)}</code></p>
${paragraphs(call.description)}
${needs(call)}
${parameters(call)}
${body(call, document)}
${answers(call, document)}
${trial(call)}
</section>`;
}

/** All about one event that is delivered. */
export function webhookPart(call: Call, document: OpenApi): string {
  return `<section id="${call.operationId}">
<h2><code>${call.path}</code></h2>
<p>${prose(call.summary)}.</p>
${paragraphs(call.description)}
${parameters(call)}
${body(call, document)}
</section>`;
}
