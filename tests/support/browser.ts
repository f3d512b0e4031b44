import assert from "node:assert/strict";
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";
import { HANG_MS, withoutHang } from "./wait.ts";

/** Debian's package chromium. */
const PROGRAM = Deno.env.get("STANCHION_CHROMIUM") ?? "/usr/bin/chromium";
const REQUIRED = Deno.env.get("STANCHION_REQUIRE_BROWSER") === "1";

async function isInstalled(): Promise<boolean> {
  return await Deno.stat(PROGRAM).then(() => true, () => false);
}

/** One test looks at dozens of pages, each as long as a page may take. */
const TEST_HANG_MS = 10 * HANG_MS;

/** One browser serves all tests of a file. */
let launched: Promise<Browser> | undefined;
Deno.test.afterAll(async () => {
  await (await launched)?.close();
});

/** A test in a real browser; left out where none is installed, unless one is required. */
export async function testOfBrowser(
  name: string,
  fn: (browser: Browser) => Promise<void>,
): Promise<void> {
  const ignore = !REQUIRED && !await isInstalled();
  Deno.test({
    name,
    ignore,
    async fn() {
      const args = ["--no-sandbox"];
      const browser = await (launched ??= chromium.launch({ executablePath: PROGRAM, args }));
      try {
        await withoutHang(name, fn(browser), TEST_HANG_MS);
      } finally {
        for (const context of browser.contexts()) await context.close();
      }
    },
  });
}

/** A page, and what it did that no page may do. */
export interface WatchedPage {
  readonly page: Page;
  /** Faults so far: errors of scripts, refusals of the policy, requests to other hosts. */
  readonly faults: readonly string[];
}

/** A page in a context of its own. It may ask `origin` alone. */
export async function openPage(
  browser: Browser,
  origin: string,
  options: BrowserContextOptions = {},
): Promise<WatchedPage> {
  const context = await browser.newContext({ baseURL: origin, ...options });
  context.setDefaultTimeout(HANG_MS);
  const page = await context.newPage();
  const faults: string[] = [];
  page.on("pageerror", ({ message }) => faults.push(`script: ${message}`));
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) faults.push(`console: ${message.text()}`);
  });
  page.on("request", (request) => {
    const url = new URL(request.url());
    if (/^https?:$/.test(url.protocol) && url.origin !== origin) faults.push(`asked ${url}`);
  });
  return { page, faults };
}

const AXE = Deno.readTextFileSync(new URL(import.meta.resolve("axe-core/axe.min.js")));
const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];

/** The violations of WCAG 2.2 AA that axe-core finds, each with a place. */
export async function violationsOf(page: Page): Promise<string[]> {
  await page.evaluate(AXE);
  const found = await page.evaluate(async (rules) => {
    // deno-lint-ignore no-explicit-any
    const { violations } = await (globalThis as any).axe.run({ runOnly: rules });
    // deno-lint-ignore no-explicit-any
    return violations.map(({ id, nodes }: any) => `${id}: ${nodes[0].html}`);
  }, RULES);
  return found as string[];
}

/** Fails where a page can be scrolled sideways, or a part of it reaches beyond its edge. */
export async function assertFits(page: Page): Promise<void> {
  const wide = await page.evaluate(`
    [document.documentElement, ...document.querySelectorAll("main, main *, header, header *")]
      // Fields scroll their own texts. Texts for screen readers alone take no room.
      .filter((node) => !node.matches("input, textarea, .hidden-text, svg *"))
      .filter((node) => node.checkVisibility() &&
        (node.getBoundingClientRect().right > innerWidth + 0.5 ||
          (node.scrollWidth > node.clientWidth + 1 && getComputedStyle(node).display !== "inline")))
      .map((node) => node.outerHTML.slice(0, 200))`) as string[];
  assert.deepEqual(wide, [], page.url());
}
