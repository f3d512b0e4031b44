/** The seed is not the one that was committed to, or the tickets are in another order. */
export type DrawFault = "COMMITMENT" | "ORDER";

const VALUE_LENGTH = 13;

function hexOf(bytes: ArrayBuffer): string {
  return Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/**
 * Checks the publications of a draw: the seed has the commitment as its SHA-256, and the tickets are
 * in the order of HMAC-SHA-1(seed, pseudonym). Null if all is right.
 */
export async function faultOfDraw(
  { seed, commitment }: { readonly seed: string; readonly commitment: string },
  drawn: readonly { readonly pseudonym: string; readonly ticket: number }[],
): Promise<DrawFault | null> {
  const bytes = (text: string) => new TextEncoder().encode(text);
  if (hexOf(await crypto.subtle.digest("SHA-256", bytes(seed))) !== commitment) {
    return "COMMITMENT";
  }
  const algorithm = { name: "HMAC", hash: "SHA-1" };
  const key = await crypto.subtle.importKey("raw", bytes(seed), algorithm, false, ["sign"]);
  let before = "";
  let ticket = (drawn[0]?.ticket ?? 1) - 1;
  for (const entry of drawn) {
    const mac = await crypto.subtle.sign("HMAC", key, bytes(entry.pseudonym));
    const value = hexOf(mac).slice(0, VALUE_LENGTH) + entry.pseudonym;
    if (value <= before || entry.ticket !== ++ticket) return "ORDER";
    before = value;
  }
  return null;
}
