import { createStanchionClient } from "@stanchion/client";
import { language } from "../shared/language.ts";

const KEPT = "stanchion operator token";
/** Where session storage is forbidden, the token lives as long as the page. */
let held: string | null = null;
let isRefused = false;
const listeners = new Set<() => void>();

/** Whether the last token was refused while it was in use. */
export function wasRefused(): boolean {
  return isRefused;
}

/** The operator's token. It is in this tab alone, and in no address. */
export function operatorToken(): string | null {
  if (held !== null) return held;
  try {
    held = sessionStorage.getItem(KEPT);
  } catch { /* Nobody is signed in. */ }
  return held;
}

export function keepToken(token: string | null): void {
  held = token;
  isRefused = false;
  try {
    if (token === null) sessionStorage.removeItem(KEPT);
    else sessionStorage.setItem(KEPT, token);
  } catch { /* Held above. */ }
  for (const listener of listeners) listener();
}

function forgetRefused(): void {
  keepToken(null);
  isRefused = true;
}

/** Calls the listener when somebody signs in or out. */
export function onSignIn(listener: () => void): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

/** The API with the operator's token. A token that is refused is forgotten. */
export const operator = createStanchionClient({
  baseUrl: location.origin,
  getAccessToken: operatorToken,
  async fetch(url, init) {
    const headers = new Headers(init.headers);
    headers.set("Accept-Language", language());
    const answer = await fetch(url, { ...init, headers });
    // Meanwhile somebody may have signed in with another one.
    const isPresent = headers.get("Authorization") === `Bearer ${operatorToken()}`;
    if (answer.status === 401 && isPresent) forgetRefused();
    return answer;
  },
});
