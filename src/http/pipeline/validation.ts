import type { z } from "zod";
import type { FieldError } from "../../domain/failures.ts";

/** The maximum number of errors in an answer. */
export const MAX_ERRORS = 50;
/** The maximum length of the name of an unknown field in an answer. */
export const MAX_NAME_LENGTH = 64;

/** The name of a field as an answer has it: shortened, and `""` if it is an empty text. */
export function nameOfField(name: string): string {
  return name.slice(0, MAX_NAME_LENGTH) || '""';
}

/**
 * The issues of zod with their input, each with the path of its field, such as
 * `schedules[0].seats[3].price`. An input of undefined is an absent field.
 */
export function fieldErrors(error: z.ZodError): FieldError[] {
  return error.issues.slice(0, MAX_ERRORS).flatMap((issue) =>
    issue.code === "unrecognized_keys"
      ? issue.keys.slice(0, MAX_ERRORS).map((key) => ({
        path: pathOf([...issue.path, nameOfField(key)]),
        message: "is not known here",
      }))
      : [{
        path: pathOf(issue.path),
        message: issue.input === undefined ? "is required" : issue.message,
      }]
  );
}

function pathOf(path: readonly PropertyKey[]): string {
  const text = path.map((step) => typeof step === "number" ? `[${step}]` : `.${String(step)}`)
    .join("");
  return text === "" ? "body" : text.replace(/^\./, "");
}
