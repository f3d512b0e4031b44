import { isLoopbackHost } from "./loopback.ts";

/** An origin such as `https://tickets.example.com`, or all below a domain: `https://*.example.com`. */
const ORIGIN = /^(https?):\/\/(\*\.)?(\[[0-9a-f:]+\]|[a-z0-9.-]+)(:[1-9]\d{0,4})?$/;

/** What is wrong with an allowed origin; null if nothing is. */
export function originFault(origin: string): string | null {
  return faultOf(origin, "origins such as https://tickets.example.com or https://*.example.com");
}

/** What is wrong with the address of one server, as an origin; null if nothing is. */
export function addressFault(address: string): string | null {
  const expected = "one origin such as https://tickets.example.com";
  return address.includes("*") ? notThis(expected) : faultOf(address, expected);
}

const notThis = (expected: string) => `must be ${expected}, in small letters and without a path`;

function faultOf(origin: string, expected: string): string | null {
  const [, protocol, anyLabels, host = "", port = ""] = ORIGIN.exec(origin) ?? [];
  if (!protocol || !URL.canParse(`${protocol}://${host}${port}`)) {
    return notThis(expected);
  }
  const { origin: canonical, hostname } = new URL(`${protocol}://${host}${port}`);
  if (canonical !== `${protocol}://${host}${port}`) return `must name ${canonical} as browsers do`;
  if (protocol === "http" && !isLoopbackHost(hostname)) {
    return "must begin with https, except on loopback";
  }
  return anyLabels && !/\.[a-z]/.test(hostname)
    ? "must have a domain of at least two names after *."
    : null;
}

/** Whether a browser's `Origin` is one of the allowed origins. */
export function isAllowedOrigin(origin: string, allowed: readonly string[]): boolean {
  return allowed.some((each) => {
    const [scheme, suffix] = each.split("*");
    if (suffix === undefined) return origin === each;
    const labels = origin.slice(scheme!.length, -suffix.length);
    return origin.startsWith(scheme!) && origin.endsWith(suffix) && /^[a-z0-9.-]+$/.test(labels);
  });
}

/** Whether a page of this origin comes from this machine. */
export function isLoopbackOrigin(origin: string): boolean {
  if (!URL.canParse(origin)) return false;
  const { protocol, hostname, origin: canonical } = new URL(origin);
  return /^https?:$/.test(protocol) && canonical === origin && isLoopbackHost(hostname);
}
