/**
 * The network of an address, by which callers are limited: an IPv4 address itself, and the first 64
 * bits of an IPv6 address, because one caller has all addresses below them.
 */
export function networkOf(address: string): string {
  if (!address.includes(":") || address.includes(".")) return address;
  const [before = "", after] = address.split("::");
  const groups = before.split(":").filter((group) => group !== "");
  const rest = (after ?? "").split(":").filter((group) => group !== "");
  const zeros = after === undefined ? 0 : Math.max(0, 8 - groups.length - rest.length);
  return [...groups, ...Array(zeros).fill("0"), ...rest].slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16)).join(":");
}
