/** The addresses of `localhost` on this machine, as the operating system lists them. */
export const LOCALHOST_ADDRESSES: readonly string[] = ["127.0.0.1", "::1"]
  .filter((wanted) => Deno.networkInterfaces().some(({ address }) => address === wanted));

/** The host of a URL: an IPv6 address stands in brackets. */
export function urlHost(address: string): string {
  return address.includes(":") ? `[${address}]` : address;
}
