import openapiTS, { astToString, COMMENT_HEADER } from "openapi-typescript";

const DOCUMENT = new URL("../../../docs/openapi.json", import.meta.url);
export const SCHEMA = new URL("../../client/schema.ts", import.meta.url);

/** The types of the OpenAPI document, as openapi-typescript makes them. */
export async function schemaText(): Promise<string> {
  const document = JSON.parse(await Deno.readTextFile(DOCUMENT));
  // A request may leave out what has a default.
  const types = await openapiTS(document, { defaultNonNullable: false });
  return `// deno-fmt-ignore-file\n${COMMENT_HEADER}${astToString(types)}`;
}

if (import.meta.main) await Deno.writeTextFile(SCHEMA, await schemaText());
