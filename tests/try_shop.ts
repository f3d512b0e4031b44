import { chromium } from "playwright-core";
import { start } from "./support/local_run.ts";
import { violationsOf } from "./support/browser.ts";
const out = "/tmp/pages17/shots";
const run = await start({ });
const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox"] });
const all = [["phone-en", { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, locale: "en-US" }], ["phone-ko-dark", { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, locale: "ko-KR", colorScheme: "dark" }], ["desk-ko", { viewport: { width: 1280, height: 900 }, locale: "ko-KR", timezoneId: "Asia/Seoul" }]] as const;
for (const [name, opt] of all) {
  const ctx = await browser.newContext({ baseURL: run.base, ...opt });
  const page = await ctx.newPage();
  page.setDefaultTimeout(8000);
  page.on("console", (m) => console.log(name, m.type(), m.text()));
  page.on("pageerror", (e) => console.log(name, "ERR", e.message));
  const shot = async (what: string, fullPage = false) => {
    await page.waitForTimeout(250);
    await page.screenshot({ path: `${out}/${name}-${what}.png`, fullPage });
    const v = await violationsOf(page);
    if (v.length) console.log(name, what, v);
  };
  try {
    await page.goto("/");
    await page.locator(".concert").first().waitFor();
    await shot("home");
    await page.locator(".concert .button").first().click();
    await page.locator("input").fill("fan-" + name);
    await page.keyboard.press("Enter");
    await page.locator(".dates .button").first().waitFor();
    await shot("concerts");
    await page.locator(".dates .button").first().click();
    await page.locator(".plan path.tier-1").waitFor();
    await page.locator(".plan").focus();
    await page.keyboard.press("ArrowRight"); await page.keyboard.press("Enter");
    await page.keyboard.press("ArrowDown"); await page.keyboard.press("Enter");
    await page.locator("details summary").first().click();
    await shot("seats");
    await shot("seats-full", true);
    await page.locator(".tray .button").click();
    await page.locator(".countdown").waitFor();
    await shot("pay-short");
    await page.locator("button.main").click();
    await page.waitForTimeout(700);
    await shot("pay");
    await page.locator("button.main").click();
    await page.locator(".ticket img").first().waitFor();
    await shot("done", true);
    await page.goto("/tickets");
    await page.locator(".ticket img").first().waitFor();
    await shot("tickets", true);
  } catch (e) { console.log(name, String(e)); await page.screenshot({ path: `${out}/${name}-fail.png` }); }
  await ctx.close();
}
await browser.close();
await run.stop("SIGTERM");
