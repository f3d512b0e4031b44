import { DOCUMENT_ID, openApiChecker } from "../support/openapi_checker.ts";
import type { Operation, RequestDocument } from "./document.ts";
import type { Wire } from "./wire.ts";

/** Why the document does not allow the JSON body of a request; null if it does. */
export function bodyFault(
  { text }: RequestDocument,
  { path, method }: Operation,
  { headers, body }: Wire,
): string | null {
  const type = headers["Content-Type"];
  if (typeof body !== "string" || !type || !/json/.test(type)) return null;
  const { ajv } = openApiChecker(text);
  const steps = ["paths", path, method.toLowerCase(), "requestBody", "content", type, "schema"];
  const pointer = steps.map((step) => encodeURIComponent(step.replaceAll("/", "~1"))).join("/");
  const validate = ajv.getSchema(`${DOCUMENT_ID}#/${pointer}`);
  if (!validate) return `no schema at ${pointer}`;
  return validate(JSON.parse(body)) ? null : ajv.errorsText(validate.errors);
}
