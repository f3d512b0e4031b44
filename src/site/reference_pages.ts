import { escaped, paragraphs, path as pathOf, prose } from "./html.ts";
import { type Frame, type NamedPage, sitePage } from "./layout.ts";
import {
  type Call,
  callPath,
  callsOf,
  type OpenApi,
  SCHEMAS_PATH,
  tagPath,
  WEBHOOKS_PATH,
  webhooksOf,
} from "./openapi.ts";
import { operationPart, webhookPart } from "./operation_part.ts";
import { membersOf } from "./schema_parts.ts";

/** A page with its text. */
export interface MadePage extends NamedPage {
  readonly html: string;
}

/** The fields for the credentials of calls that are tried, and the local run's sign-in. */
function credentials(document: OpenApi): string {
  const signIn = callsOf(document).find(({ operationId }) => operationId === "signIn");
  const field = (name: string, label: string) =>
    `<label>${label}<input name="${name}" autocomplete="off" spellcheck="false"></label>`;
  return `<details id="credentials" hidden${signIn ? " open" : ""}>
<summary>Credentials for trying calls</summary>
${
    signIn
      ? `<form id="sign-in" data-path="${signIn.path}">
<label>User id<input name="userId" value="alice" required maxlength="128"></label>
<button>Sign in and join the queue</button>
<output></output>
</form>`
      : ""
  }
<form id="tokens">
${field("userToken", "Fan's token")}
${field("queueToken", "Queue token")}
${field("operatorToken", "Operator's token")}
${field("doorToken", "Door's token")}
<p>They are kept until this tab is closed, and sent to this server alone.</p>
</form>
</details>`;
}

function callList(calls: readonly Call[]): string {
  return `<ul class="calls">\n${
    calls.map((call) =>
      `<li><a href="${callPath(call)}">${escaped(call.summary)}</a> <b>${call.method}</b> <code>${
        pathOf(call.path)
      }</code></li>`
    ).join("\n")
  }\n</ul>`;
}

/** One page for each tag, one for the webhooks, one for the schemas, and the overview. */
export function referencePages(document: OpenApi, frame: Frame): MadePage[] {
  const calls = callsOf(document);
  const made = (title: string, path: string, main: string): MadePage => ({
    title,
    path,
    html: sitePage(frame, { title, path }, main),
  });
  const ofTags = document.tags.map(({ name, description }) => {
    const own = calls.filter(({ tags }) => tags[0] === name);
    const parts = own.map((call) => operationPart(call, document)).join("\n");
    const main = `<p>${prose(description)}</p>\n${callList(own)}\n${
      credentials(document)
    }\n${parts}`;
    return made(name, tagPath(name), main);
  });
  const events = webhooksOf(document).map((call) => webhookPart(call, document)).join("\n");
  const schemas = Object.entries(document.components.schemas).map(([name, schema]) =>
    `<section id="${name}">\n<h2>${name}</h2>\n<p>${prose(schema.description ?? "")}</p>\n${
      membersOf(schema, document)
    }\n</section>`
  ).join("\n");
  return [
    made("Overview", "/docs", overview(document, frame)),
    ...ofTags,
    made(
      "Webhooks",
      WEBHOOKS_PATH,
      `<p>What is delivered to the receivers of events.</p>\n${events}`,
    ),
    made(
      "Schemas",
      SCHEMAS_PATH,
      `<p>Everything that requests and answers are made of.</p>\n${schemas}`,
    ),
  ];
}

function overview(document: OpenApi, { guides }: Frame): string {
  const parts = document.tags.map(({ name, description }) => {
    const own = callsOf(document).filter(({ tags }) => tags[0] === name);
    return `<h2><a href="${tagPath(name)}">${name}</a></h2>\n<p>${prose(description)}</p>\n${
      callList(own)
    }`;
  });
  const links = guides.map(({ title, path }) => `<li><a href="${path}">${escaped(title)}</a></li>`);
  return `${paragraphs(document.info.description)}
<h2>Guides</h2>
<ul>
${links.join("\n")}
</ul>
${parts.join("\n")}`;
}
