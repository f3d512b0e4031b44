import theme from "../pages/theme.json" with { type: "json" };
import { frame as frameEn } from "../pages/words/en/frame.ts";
import { frame as frameKo } from "../pages/words/ko/frame.ts";
import { shells as shellsEn } from "../pages/words/en/shells.ts";
import { shells as shellsKo } from "../pages/words/ko/shells.ts";
import { line as lineEn } from "../pages/words/en/line.ts";
import { line as lineKo } from "../pages/words/ko/line.ts";
import { shellFile } from "../http/pages/shells.ts";
import { escaped } from "./html.ts";

export { shellFile };
export const LANGUAGES = ["en", "ko"] as const;
type Language = typeof LANGUAGES[number];
export const PAGES = ["home", "line", "shop", "tickets", "ops"] as const;
export type PageName = typeof PAGES[number];

const WORDS = {
  en: { frame: frameEn, line: lineEn, shells: shellsEn },
  ko: { frame: frameKo, line: lineKo, shells: shellsKo },
};

/** The addresses of what a document loads. */
export interface ShellAssets {
  readonly theme: string;
  readonly styles: readonly string[];
  readonly script: string;
  /** What the script imports: loaded beside it. */
  readonly chunks: readonly string[];
}

/** The programme, drawn by the server: `{{…}}` are the names of http/pages/template.ts. */
function home(words: typeof shellsEn): string {
  return `<h1>${words.programmeTitle}</h1>
<p class="quiet lead">${words.programmeLead}</p>
<ul class="concerts">
{{#concerts}}<li class="card concert">
<div>
<h2>{{title}}</h2>
{{#venue}}<p class="venue">{{venue}}</p>{{/venue}}
{{#description}}<p class="quiet">{{description}}</p>{{/description}}
<ul class="dates">
{{#schedules}}<li><strong>{{concertAt}}</strong> <span class="quiet">{{#onSale}}${words.onSale}{{/onSale}}{{#saleOpens}}${words.saleOpens} {{saleOpens}}{{/saleOpens}}{{#saleEnds}}${words.saleEnds} {{saleEnds}}{{/saleEnds}}</span></li>
{{/schedules}}</ul>
</div>
<a class="button main" href="/line?room={{room}}">${words.getTickets}<span class="hidden-text">: {{title}}</span></a>
</li>
{{/concerts}}</ul>
{{#empty}}<p class="card">${words.nothingOn}</p>{{/empty}}
{{#failed}}<p class="notice warn">${words.programmeFailed}</p>{{/failed}}`;
}

/** Of several texts the one whose name has a value. */
function oneOf(texts: Readonly<Record<string, string>>): string {
  return Object.entries(texts).map(([name, text]) => `{{#${name}}}${escaped(text)}{{/${name}}}`)
    .join("");
}

/** Loads the next page without a script. With one, the script does what follows. */
const REFRESH =
  `{{#refresh}}<noscript><meta http-equiv="refresh" content="{{refresh}}"></noscript>\n{{/refresh}}`;

/** The line without a script: one form, or the place, which reloads by itself. */
function line(words: typeof shellsEn, lineWords: typeof lineEn): string {
  return `<noscript>
<div class="card stack centred">
{{#join}}<h1>${words.joinTitle}</h1>
{{#ended}}<p class="notice warn">${oneOf(lineWords.gone)}</p>{{/ended}}
{{#refused}}<p class="notice bad"><strong>${escaped(lineWords.refusedTitle)}</strong> ${
    oneOf({
      ...lineWords.refused,
      CHALLENGE_REQUIRED: words.challengeNeedsScript,
      CHALLENGE_FAILED: words.challengeNeedsScript,
    })
  }{{detail}}</p>{{/refused}}
{{#mayJoin}}<form method="post" action="/line?{{query}}" class="stack">
{{#localSignIn}}<p class="quiet">${words.signInHint}</p>
<label class="field"><span>${words.name}</span>
<input name="userId" required maxlength="128" autocomplete="username"></label>{{/localSignIn}}
<button class="button main wide" type="submit">${words.join}</button>
</form>{{/mayJoin}}
{{#mustSignIn}}<p>${words.signInElsewhere}</p>{{/mustSignIn}}{{/join}}
{{#waiting}}<h1>${words.inLine}</h1>
{{#position}}<p class="quiet">${words.yourPlace}</p>
<p class="place">{{position}}</p>{{/position}}
{{#lobby}}<p>${words.lobby}</p>{{/lobby}}
{{#opensAt}}<p>${words.opensAt} <strong>{{opensAt}}</strong></p>{{/opensAt}}
{{#held}}<p class="notice warn">${words.held}</p>{{/held}}
{{#closed}}<p class="notice warn">${words.closed}</p>{{/closed}}
{{#soldOut}}<p class="notice warn">${words.soldOut}</p>{{/soldOut}}
{{#unreachable}}<p class="notice warn">${words.unreachable}</p>{{/unreachable}}
{{#wait}}<p>${words.wait} <strong class="number">{{#minutes}}${
    lineWords.minutes("{{low}}–{{high}}")
  }{{/minutes}}{{#hours}}${words.hours}{{/hours}}</strong></p>{{/wait}}
<p class="quiet small">${words.reloads}</p>{{/waiting}}
{{#admitted}}<h1>${words.admitted}</h1>
{{#address}}<p>${escaped(lineWords.leading)}</p>
<p><a class="button main wide" href="{{address}}">${escaped(lineWords.goBack)}</a></p>{{/address}}
{{#here}}<p>${words.admittedUntil} <strong>{{admittedUntil}}</strong></p>
<p class="notice">${words.shopNeedsScript}</p>
<p><a class="button main wide" href="/shop?room={{room}}">${words.shop}</a></p>{{/here}}{{/admitted}}
</div>
</noscript>`;
}

function content(page: PageName, language: Language): string {
  const { shells: words, line: lineWords } = WORDS[language];
  if (page === "home") return home(words);
  const spinner =
    `<div class="wait-dots script-only" role="status"><span class="hidden-text">${words.loading}</span></div>`;
  if (page === "line") return spinner + line(words, lineWords);
  return `${spinner}<noscript><p class="notice warn">${words.needsScript}</p></noscript>`;
}

function fansLinks(frame: typeof frameEn): string {
  return `<nav><a href="/">${frame.programme}</a><a href="/tickets">${frame.tickets}</a></nav>`;
}

/** The HTML document of a page, with names for what the server fills in. */
export function shellHtml(page: PageName, language: Language, assets: ShellAssets): string {
  const { frame, shells } = WORDS[language];
  const logo = `data:image/svg+xml,${encodeURIComponent(theme.logo)}`;
  const styles = assets.styles.map((href) => `<link rel="stylesheet" href="${href}">`).join("\n");
  const chunks = assets.chunks.map((href) => `<link rel="modulepreload" href="${href}">`);
  const refresh = page === "line" ? REFRESH : "";
  const narrow = page === "line" ? ' class="narrow"' : "";
  return `<!doctype html>
<html lang="${language}"{{#localSignIn}} data-sign-in="local"{{/localSignIn}}{{#selfCharge}} data-charge="true"{{/selfCharge}} data-seat-limit="{{seatLimit}}"{{#returnTo}} data-return-to="{{returnTo}}"{{/returnTo}}{{#audience}} data-audience="{{audience}}"{{/audience}} data-currency="{{currency}}"{{#challengeScript}} data-challenge="{{challengeScript}}"{{/challengeScript}}>
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
${refresh}<title>${escaped(shells.titles[page])} · ${escaped(theme.name)}</title>
<link rel="icon" href="${logo}">
${styles}
<script src="${assets.theme}"></script>
<script type="module" src="${assets.script}"></script>
${chunks.join("\n")}
</head>
<body>
<div id="app">
<header class="bar"><div>
<a class="brand" href="/"><img src="${logo}" alt="">${escaped(theme.name)}</a>
${page === "ops" ? "" : fansLinks(frame)}
</div></header>
<main id="main"${narrow}>
${content(page, language)}
</main>
<footer class="foot"><div>
<p>${escaped(theme.texts[language].slogan)}</p>
<a href="/docs">${frame.docs}</a>
</div></footer>
</div>
</body>
</html>
`;
}
