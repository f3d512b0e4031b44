import { createStanchionClient } from "@stanchion/client";
import { language } from "../shared/language.ts";

/** A door may check tickets in, and nothing else. */
export type Role = "OPERATOR" | "DOOR";

export interface SignedIn {
  readonly token: string;
  readonly role: Role;
}

const KEPT = "stanchion operator";
/** Where session storage is forbidden, the token lives as long as the page. */
let held: SignedIn | null = null;
let isRefused = false;
const listeners = new Set<() => void>();

/** Whether the last token was refused while it was in use. */
export function wasRefused(): boolean {
  return isRefused;
}

/** Who has signed in. The token is in this tab alone, and in no address. */
export function signedIn(): SignedIn | null {
  if (held !== null) return held;
  try {
    held = JSON.parse(sessionStorage.getItem(KEPT) ?? "null");
  } catch { /* Nobody is signed in. */ }
  return held;
}

export function keepSignedIn(next: SignedIn | null): void {
  held = next;
  isRefused = false;
  try {
    if (next === null) sessionStorage.removeItem(KEPT);
    else sessionStorage.setItem(KEPT, JSON.stringify(next));
  } catch { /* Held above. */ }
  for (const listener of listeners) listener();
}

function forgetRefused(): void {
  keepSignedIn(null);
  isRefused = true;
}

/** Calls the listener when somebody signs in or out. */
export function onSignIn(listener: () => void): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

const token = () => signedIn()?.token ?? null;

/** The API with the token of who has signed in. A token that is refused is forgotten. */
export const operator = createStanchionClient({
  baseUrl: location.origin,
  getAccessToken: token,
  async fetch(url, init) {
    const headers = new Headers(init.headers);
    headers.set("Accept-Language", language());
    const answer = await fetch(url, { ...init, headers });
    // Meanwhile somebody may have signed in with another one.
    const isPresent = headers.get("Authorization") === `Bearer ${token()}`;
    if (answer.status === 401 && isPresent) forgetRefused();
    return answer;
  },
});
