import type { Context } from "hono";

// The cookies of the line without a script. Browsers send them to `/line` alone, and no script can
// read them. Only the routes of plain_line.ts do.

/** The queue token of the place; the user token of a fan who came with one. */
export type LineCookie = "line-place" | "line-fan";

export function lineCookie(c: Context, name: LineCookie): string | null {
  const pairs = (c.req.header("Cookie") ?? "").split(/; */);
  return pairs.find((pair) => pair.startsWith(`${name}=`))?.slice(name.length + 1) ?? null;
}

/** No seconds: the browser forgets it. */
export function setLineCookie(c: Context, name: LineCookie, value: string, seconds: number): void {
  const secure = c.req.url.startsWith("https:") ? "; Secure" : "";
  c.header(
    "Set-Cookie",
    `${name}=${value}; Path=/line; Max-Age=${seconds}; HttpOnly; SameSite=Lax${secure}`,
    { append: true },
  );
}

/** The characters of a token. A value with others would write attributes of the cookie. */
const TOKEN = /^[\w.~-]+$/;

export function isCookieValue(value: string): boolean {
  return TOKEN.test(value);
}
