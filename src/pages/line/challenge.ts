import { challenge as en } from "../words/en/challenge.ts";
import { challenge as ko } from "../words/ko/challenge.ts";

// A script of its own, loaded where a room asks for a challenge. It imports nothing that another
// script of the page has, so that the first load of the page does not grow by it.

/** The part of Turnstile's `api.js` that is used. */
interface Turnstile {
  render(box: HTMLElement, options: {
    readonly sitekey: string;
    readonly action: string;
    readonly language: string;
    readonly callback: (token: string) => void;
    readonly "error-callback": () => void;
  }): string;
  reset(widget: string): void;
}

declare global {
  var turnstile: Turnstile | undefined;
}

/** What a join answers, as far as it matters here. */
interface JoinAnswer {
  readonly data?: unknown;
  readonly error?: { readonly status: number; readonly code: string } | undefined;
}

export interface ShownChallenge {
  readonly siteKey: string;
  readonly language: "en" | "ko";
  /** Joins with the token of the passed challenge. */
  readonly join: (challengeToken: string) => Promise<JoinAnswer>;
  /** Called when the fan has a place, or is refused for another reason. */
  readonly onJoined: () => void;
}

/** When a join is sent again that got no verdict: with the same token, which still counts. */
const AGAIN_MS = 3_000;
const NO_ANSWER = { status: 503, code: "" };

let loading: Promise<Turnstile> | null = null;

/** Loads the script of the challenge once. */
function loadScript(): Promise<Turnstile> {
  return loading ??= new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = document.documentElement.dataset["challenge"] ?? "";
    script.onload = () => resolve(globalThis.turnstile!);
    script.onerror = () => {
      loading = null;
      reject(new Error("the script of the challenge did not load"));
    };
    document.head.append(script);
  });
}

function child(box: HTMLElement, tag: string, text = ""): HTMLElement {
  const made = document.createElement(tag);
  made.textContent = text;
  box.append(made);
  return made;
}

/** Shows the challenge in the box, and joins when it is passed. */
export function showChallenge(box: HTMLElement, shown: ShownChallenge): void {
  const { siteKey, language, join, onJoined } = shown;
  const words = language === "ko" ? ko : en;
  child(box, "h1", words.title);
  const status = child(box, "p", words.why);
  status.role = "status";
  const tell = (text: string) => void (status.textContent = text);
  const place = child(box, "div");

  async function show(): Promise<void> {
    const turnstile = await loadScript();
    if (!box.isConnected) return;
    async function send(token: string): Promise<void> {
      const { data, error = NO_ANSWER } = await join(token).catch((): JoinAnswer => ({}));
      if (!box.isConnected) return;
      if (data) return onJoined();
      if (error.code === "CHALLENGE_FAILED") {
        tell(words.again);
        turnstile.reset(widget);
      } else if (error.status === 429 || error.status >= 500) {
        tell(words.waiting);
        setTimeout(() => void send(token), AGAIN_MS);
      } else onJoined();
    }
    const widget = turnstile.render(place, {
      sitekey: siteKey,
      action: "join",
      language,
      callback: (token) => void send(token),
      "error-callback": () => tell(words.blocked),
    });
  }
  show().catch(() => tell(words.blocked));
}
