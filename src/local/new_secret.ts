/** 256 random bits, in hex. */
export function newSecret(): string {
  return crypto.getRandomValues(new Uint8Array(32)).toHex();
}
