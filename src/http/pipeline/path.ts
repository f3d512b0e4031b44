import type { FieldError } from "../../domain/failures.ts";

/**
 * The fault of a path whose percent-encodings are no UTF-8: the router leaves such a segment as it
 * is, so that it would be taken for another name. The Host header of the caller is in the URL too.
 */
export function faultsOfPath(url: string): readonly FieldError[] {
  const [, path = ""] = /^\w+:\/\/[^/?#]*([^?#]*)/.exec(url) ?? [];
  try {
    decodeURIComponent(path);
    return [];
  } catch {
    return [{ path: "path", message: "must have percent-encodings of UTF-8" }];
  }
}
