import type { Context } from "hono";
import { entityTag, knownVersions } from "../pipeline/versions.ts";

/** A file that anybody may keep. */
export interface VersionedFile {
  readonly version: string;
  readonly content: string | Uint8Array<ArrayBuffer>;
  readonly mediaType: string;
  /** The other headers: how long it may be kept, and the policy of a page. */
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * Answers with a file, or with 304 to a client that has its version. Both have the same headers, but for
 * the media type: a browser puts the headers of a 304 over those of the file that it has. A 304
 * with another policy would take the styles and scripts of a page away.
 */
export function versionedFile(
  c: Context,
  { version, content, mediaType, headers }: VersionedFile,
): Response {
  const kept = { ...headers, ETag: entityTag(version) };
  const isKnown = knownVersions(c.req.header("If-None-Match") ?? null)(version);
  return isKnown
    ? c.body(null, 304, kept)
    : c.body(content, 200, { "Content-Type": mediaType, ...kept });
}
