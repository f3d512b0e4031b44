import { openApiDocument } from "../../http/document/openapi_document.ts";
import { problemsMarkdown } from "../../http/document/problems_markdown.ts";
import { describedEndpoints } from "./endpoints.ts";
import { surfaceOf } from "./surface.ts";

const DOCS = new URL("../../../docs/", import.meta.url);
const RELEASED = new URL("../../../tests/http/document/released.json", import.meta.url);

/** The texts of the files in docs/ that are made from the code. */
export function madeDocs(): Readonly<Record<string, string>> {
  return {
    "openapi.json": JSON.stringify(openApiDocument(describedEndpoints()), null, 1) + "\n",
    "problems.md": problemsMarkdown(),
  };
}

if (import.meta.main) {
  for (const [name, text] of Object.entries(madeDocs())) {
    await Deno.writeTextFile(new URL(name, DOCS), text);
  }
  if (Deno.args.includes("--release")) {
    const document = surfaceOf(JSON.parse(madeDocs()["openapi.json"]!));
    await Deno.writeTextFile(RELEASED, JSON.stringify(document) + "\n");
  }
}
