import type { z } from "zod";
import type { FieldError } from "../../domain/failures.ts";

/** More faults than this are not told one by one. */
const MAX_ERRORS = 50;
/** Longer names of unknown fields are cut. */
const MAX_NAME_LENGTH = 64;

/** zod's issues, each with the field it is about: `schedules[0].seats[3].price`. */
export function fieldErrors(error: z.ZodError): FieldError[] {
  return error.issues.slice(0, MAX_ERRORS).flatMap((issue) =>
    issue.code === "unrecognized_keys"
      ? issue.keys.slice(0, MAX_ERRORS).map((key) => ({
        path: pathOf([...issue.path, key.slice(0, MAX_NAME_LENGTH)]),
        message: "is not known here",
      }))
      : [{ path: pathOf(issue.path), message: issue.message }]
  );
}

function pathOf(path: readonly PropertyKey[]): string {
  const text = path.map((step) => typeof step === "number" ? `[${step}]` : `.${String(step)}`)
    .join("");
  return text === "" ? "body" : text.replace(/^\./, "");
}
