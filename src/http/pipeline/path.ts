import type { FieldError } from "../../domain/failures.ts";

/**
 * The parameters of a path whose percent-encodings are no UTF-8. The router leaves such a segment as
 * it is, so that it would be taken for another name. The Host header of the caller is in the URL too.
 */
export function faultsOfPath(url: string, template: string): readonly FieldError[] {
  const [, path = ""] = /^\w+:\/\/[^/?#]*([^?#]*)/.exec(url) ?? [];
  const segments = path.split("/");
  return template.split("/").flatMap((name, index) => {
    const [, parameter] = /^\{(\w+)\}$/.exec(name) ?? [];
    return parameter === undefined || isWellFormed(segments[index] ?? "")
      ? []
      : [{ path: parameter, message: "must have percent-encodings of UTF-8" }];
  });
}

function isWellFormed(segment: string): boolean {
  try {
    decodeURIComponent(segment);
    return true;
  } catch {
    return false;
  }
}
