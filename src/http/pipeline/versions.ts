/**
 * The `ETag` of a version. It is weak, because proxies and the local run compress: one version has
 * several codings, which are not the same bytes (RFC 9110, 8.8.1). A proxy would make a strong one
 * weak where it compresses, and then 200 and 304 would differ.
 */
export function entityTag(version: string): string {
  return `W/"${version}"`;
}

/** The versions that `If-None-Match` names, compared weakly (RFC 9110, 8.8.3.2); `*` is any. */
export function knownVersions(header: string | null): (version: string) => boolean {
  if (header?.trim() === "*") return () => true;
  const known = new Set([...(header ?? "").matchAll(/"([^"]*)"/g)].map(([, version]) => version));
  return (version) => known.has(version);
}
