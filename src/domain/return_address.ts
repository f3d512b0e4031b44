import { isAllowedOrigin } from "./origins.ts";

/** A JWT in its compact form. Nothing of it needs an escape in an address. */
const JWT = /^[\w-]+\.[\w-]+\.[\w-]+$/;

/** The address as a URL; null if its origin is not allowed, or if it has credentials. */
export function returnUrl(address: string, allowedOrigins: readonly string[]): URL | null {
  const url = URL.parse(address);
  if (!url || !isAllowedOrigin(url.origin, allowedOrigins)) return null;
  return url.username === "" && url.password === "" ? url : null;
}

/**
 * The address to which a fan is sent back with an admission; null if it may not be sent there. The
 * admission is in the fragment, which browsers send to no server, so that it is in no log and in no
 * `Referer`. It replaces a fragment that the address has.
 */
export function returnAddress(
  address: string,
  admission: string,
  allowedOrigins: readonly string[],
): string | null {
  const url = returnUrl(address, allowedOrigins);
  if (!url || !JWT.test(admission)) return null;
  url.hash = `admission=${admission}`;
  return url.href;
}
