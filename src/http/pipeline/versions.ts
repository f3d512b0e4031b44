/** The versions that `If-None-Match` names, compared weakly (RFC 9110, 8.8.3.2); `*` is any. */
export function knownVersions(header: string | null): (version: string) => boolean {
  if (header?.trim() === "*") return () => true;
  const known = new Set([...(header ?? "").matchAll(/"([^"]*)"/g)].map(([, version]) => version));
  return (version) => known.has(version);
}
