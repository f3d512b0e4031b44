import { type ComponentChildren, render } from "preact";
import { useEffect, useState } from "preact/hooks";
import theme from "../theme.json" with { type: "json" };
import { frame as en } from "../words/en/frame.ts";
import { frame as ko } from "../words/ko/frame.ts";
import { chooseLanguage, useLanguage, useWords } from "./language.ts";

export const FRAME_WORDS = { en, ko };
const LOGO = `data:image/svg+xml,${encodeURIComponent(theme.logo)}`;
const THEME_KEPT = "theme";

function isDark(): boolean {
  const chosen = document.documentElement.dataset.theme;
  return chosen ? chosen === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
}

function ThemeSwitch() {
  const words = useWords(FRAME_WORDS);
  const [dark, setDark] = useState(isDark);
  useEffect(() => {
    const system = matchMedia("(prefers-color-scheme: dark)");
    const follow = () => setDark(isDark());
    system.addEventListener("change", follow);
    return () => system.removeEventListener("change", follow);
  }, []);
  const choose = () => {
    document.documentElement.dataset.theme = dark ? "light" : "dark";
    try {
      localStorage.setItem(THEME_KEPT, dark ? "light" : "dark");
    } catch { /* It holds for this page. */ }
    setDark(!dark);
  };
  return (
    <button type="button" aria-label={dark ? words.light : words.dark} onClick={choose}>
      <svg viewBox="0 0 24 24" fill="currentColor" aria-hidden="true">
        {dark
          ? (
            <path d="M12 7a5 5 0 1 0 0 10 5 5 0 0 0 0-10zM11 1h2v4h-2zm0 18h2v4h-2zM1 11h4v2H1zm18 0h4v2h-4zM4.9 3.5l2.8 2.8-1.4 1.4-2.8-2.8zm12.8 12.8 2.8 2.8-1.4 1.4-2.8-2.8zM3.5 19.1l2.8-2.8 1.4 1.4-2.8 2.8zM16.3 6.3l2.8-2.8 1.4 1.4-2.8 2.8z" />
          )
          : (
            <path d="M20.5 14.6A8.6 8.6 0 0 1 9.4 3.5a.8.8 0 0 0-1-1A10 10 0 1 0 21.5 15.6a.8.8 0 0 0-1-1z" />
          )}
      </svg>
    </button>
  );
}

function LanguageSwitch() {
  const words = useWords(FRAME_WORDS);
  const other = useLanguage() === "en" ? "ko" : "en";
  return (
    <button type="button" lang={other} onClick={() => chooseLanguage(other)}>
      {words.otherLanguage}
    </button>
  );
}

/** Without a change of the address, which says where in the shop the fan is. */
function skip(event: Event): void {
  event.preventDefault();
  document.getElementById("main")?.focus();
}

export interface FrameProps {
  readonly title: string;
  /** The path of the page in the navigation, if it is there. */
  readonly path?: string;
  readonly narrow?: boolean;
  /** What the navigation has in place of the fans' pages. */
  readonly links?: ComponentChildren;
  readonly children: ComponentChildren;
}

/** What every page has around its own content. */
export function Frame({ title, path, narrow = false, links, children }: FrameProps) {
  const words = useWords(FRAME_WORDS);
  const language = useLanguage();
  useEffect(() => {
    document.title = `${title} · ${theme.name}`;
  }, [title]);
  const link = (to: string, text: string) => (
    <a href={to} aria-current={to === path ? "page" : undefined}>{text}</a>
  );
  return (
    <>
      <a class="skip" href="#main" onClick={skip}>{words.skip}</a>
      <header class="bar">
        <div>
          <a class="brand" href="/">
            <img src={LOGO} alt="" />
            {theme.name}
          </a>
          <nav>
            {links ?? (
              <>
                {link("/", words.programme)}
                {link("/tickets", words.tickets)}
              </>
            )}
          </nav>
          <LanguageSwitch />
          <ThemeSwitch />
        </div>
      </header>
      <main id="main" tabIndex={-1} class={narrow ? "narrow" : ""}>{children}</main>
      <footer class="foot">
        <div>
          <p>{theme.texts[language].slogan}</p>
          <a href="/docs">{words.docs}</a>
        </div>
      </footer>
    </>
  );
}

/** Draws a page in place of what the server wrote. */
export function start(page: ComponentChildren): void {
  const root = document.getElementById("app")!;
  root.textContent = "";
  render(page, root);
}
