import { useEffect, useState } from "preact/hooks";

export type Language = "en" | "ko";
/** The same words in each language. */
export type InEach<Words> = { readonly [L in Language]: Words };

const KEPT = "language";
const listeners = new Set<() => void>();
let current: Language = chosen() ??
  (navigator.languages.map(primary).find(isLanguage) ?? "en");

function primary(tag: string): string {
  return tag.split("-", 1)[0]!.toLowerCase();
}

function isLanguage(text: string | null): text is Language {
  return text === "en" || text === "ko";
}

/** Storage may be forbidden. */
function chosen(): Language | null {
  try {
    const kept = localStorage.getItem(KEPT);
    return isLanguage(kept) ? kept : null;
  } catch {
    return null;
  }
}

export function language(): Language {
  return current;
}

export function chooseLanguage(next: Language): void {
  current = next;
  document.documentElement.lang = next;
  try {
    localStorage.setItem(KEPT, next);
  } catch { /* It holds for this page. */ }
  for (const listener of listeners) listener();
}

/** The language in force; the component is drawn again when another one is chosen. */
export function useLanguage(): Language {
  const [, draw] = useState(0);
  useEffect(() => {
    const listener = () => draw((times) => times + 1);
    listeners.add(listener);
    return () => void listeners.delete(listener);
  }, []);
  return current;
}

export function useWords<Words>(words: InEach<Words>): Words {
  return words[useLanguage()];
}

document.documentElement.lang = current;
