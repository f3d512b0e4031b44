const KEPT = "stanchion access token";
/** The site in front hands the fan's token over in the fragment, which no server sees. */
const HANDED_OVER = "access_token";

/** Where session storage is forbidden, the token lives as long as the page. */
let held: string | null = null;

function keep(token: string | null): void {
  held = token;
  try {
    if (token === null) sessionStorage.removeItem(KEPT);
    else sessionStorage.setItem(KEPT, token);
  } catch { /* Held above. */ }
}

/** Takes a token out of the address, so that it is in no history. */
function takeHandedOver(): void {
  const given = new URLSearchParams(location.hash.slice(1));
  const token = given.get(HANDED_OVER);
  if (token === null) return;
  given.delete(HANDED_OVER);
  const rest = given.toString();
  history.replaceState(
    history.state,
    "",
    location.pathname + location.search + (rest && `#${rest}`),
  );
  keep(token);
}

interface Claims {
  readonly sub?: string;
}

function claimsOf(token: string): Claims {
  try {
    const payload = token.split(".")[1]!.replaceAll("-", "+").replaceAll("_", "/");
    const bytes = Uint8Array.from(atob(payload), (letter) => letter.charCodeAt(0));
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return {};
  }
}

/**
 * The user token of the fan; null if nobody is signed in. Whether it has run out is for the server to
 * say: the clock of this device may be wrong.
 */
export function accessToken(): string | null {
  if (held === null) {
    try {
      held = sessionStorage.getItem(KEPT);
    } catch { /* Nobody is signed in. */ }
  }
  return held;
}

/** The `sub` of the token. */
export function fanName(): string | null {
  const token = accessToken();
  return token === null ? null : claimsOf(token).sub ?? null;
}

export function signOut(): void {
  keep(null);
}

/** Signs in by a name alone: the local run. Throws when there is no answer. */
export async function signInAs(userId: string): Promise<boolean> {
  const answer = await fetch("/dev/sign-in", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ userId }),
  });
  if (!answer.ok) return false;
  keep((await answer.json()).accessToken);
  return true;
}

takeHandedOver();
