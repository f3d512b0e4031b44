import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";
import { freePort } from "../local_cloud/free_port.ts";
import { runArguments } from "../run_arguments.ts";
import { shootOps } from "./ops.ts";
import { shootReadme } from "./readme.ts";
import { type Hall, hallOf, operate, startOwnServer } from "./sale.ts";

// Pictures of every page in today's program, at both sizes and in both languages and themes:
// `deno task screenshots [folder]`; those of README.md: `deno task screenshots --readme`.
// It needs Debian's package chromium, and a font for Korean.

const README = "--readme";
const FOLDER = Deno.args[0] ?? "dist/screenshots";
const CHROMIUM = "/usr/bin/chromium";
const PHONE = { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2 };
const DESK = { viewport: { width: 1280, height: 900 }, deviceScaleFactor: 1.5 };

const LOOKS: readonly (readonly [string, BrowserContextOptions])[] = [
  ["phone-en", { ...PHONE, locale: "en-GB", timezoneId: "Europe/London" }],
  ["phone-ko-dark", {
    ...PHONE,
    locale: "ko-KR",
    timezoneId: "Asia/Seoul",
    colorScheme: "dark",
  }],
  ["desk-ko", { ...DESK, locale: "ko-KR", timezoneId: "Asia/Seoul" }],
  ["desk-en-dark", { ...DESK, locale: "en-GB", timezoneId: "Europe/London", colorScheme: "dark" }],
];

/** So many fans are in line before the one who is shown. */
const FANS_AHEAD = 41;

async function shoot(page: Page, name: string, fullPage = true): Promise<void> {
  // Images of codes are drawn, and animations end.
  await page.waitForTimeout(300);
  await page.screenshot({ path: `${FOLDER}/${name}.png`, fullPage });
}

async function signIn(page: Page, name: string): Promise<void> {
  await page.locator("input[name=name]").fill(name);
  await page.keyboard.press("Enter");
}

async function shootLine(page: Page, look: string, { admin, base }: Hall): Promise<void> {
  await page.goto("/line?room=queue");
  await page.locator("input").waitFor();
  await shoot(page, `${look}-sign-in`, false);
  await signIn(page, `mina ${look}`);
  await page.locator(".place").waitFor();
  await shoot(page, `${look}-line`);
  await operate(base, admin, "PATCH", "/rooms/queue", { state: "HELD" });
  await page.reload();
  await page.locator(".notice.warn").waitFor();
  await shoot(page, `${look}-line-held`);
  await operate(base, admin, "PATCH", "/rooms/queue", { state: "OPEN" });
  await page.goto("/line?room=lobby");
  await page.locator(".draw").waitFor();
  await page.locator(".draw summary").click();
  await shoot(page, `${look}-lobby`);
  await page.goto("/line?room=none");
  await page.locator("[role=alert]").waitFor();
  await shoot(page, `${look}-refused`, false);
}

async function shootSale(page: Page, look: string): Promise<void> {
  await page.goto("/");
  await page.locator(".concert").first().waitFor();
  await shoot(page, `${look}-programme`);
  await page.goto("/shop?room=main");
  await page.locator(".dates a.main").first().waitFor();
  await shoot(page, `${look}-concerts`);
  await page.locator(".dates a.main").first().click();
  await page.locator(".plan .seats").first().waitFor({ state: "attached" });
  await page.locator(".list summary").first().click();
  for (let seat = 0; seat < 2; seat++) {
    await page.locator('.list-seats button[aria-pressed="false"]').first().click();
  }
  await shoot(page, `${look}-seats`, false);
  await page.locator(".tray button").click();
  await page.locator(".countdown").waitFor();
  await shoot(page, `${look}-pay-short`);
  await page.locator("main button.main").click();
  await page.locator(".notice.warn").waitFor({ state: "detached" });
  await shoot(page, `${look}-pay`);
  await page.locator("main button.main").click();
  await page.locator(".ticket img").nth(1).waitFor();
  await shoot(page, `${look}-done`);
  await page.goto("/tickets");
  await page.locator(".entry button[aria-expanded]").first().click();
  await shoot(page, `${look}-tickets`);
}

/** A hall of thousands: the whole, and near. */
async function shootHall(page: Page, look: string, { hall }: Hall): Promise<void> {
  await page.goto(`/shop?room=main#/${hall.concertId}/${hall.scheduleId}`);
  await page.reload();
  await page.locator(".plan .seats").first().waitFor({ state: "attached" });
  await shoot(page, `${look}-hall`, false);
  await page.locator(".plan").focus();
  await page.keyboard.press("ArrowRight");
  for (let presses = 0; presses < 4; presses++) await page.keyboard.press("+");
  await page.keyboard.press("Enter");
  await shoot(page, `${look}-hall-near`, false);
}

async function shootPlain(browser: Browser, baseURL: string): Promise<void> {
  const options = { ...PHONE, baseURL, locale: "ko-KR", javaScriptEnabled: false };
  const page = await (await browser.newContext(options)).newPage();
  await page.goto("/line?room=queue");
  await page.locator("input").fill("no script");
  await page.locator("main button").click();
  await shoot(page, "plain-line", false);
  await page.context().close();
}

/** The program as `deno task dev` starts it. */
function command(settings: Record<string, string>, ...args: readonly string[]): Deno.Command {
  return new Deno.Command(Deno.execPath(), {
    args: runArguments(new URL("../../main.ts", import.meta.url).pathname, ...args),
    env: settings,
    stdout: "piped",
    stderr: "inherit",
  });
}

async function shootEverything(browser: Browser): Promise<void> {
  await Deno.mkdir(FOLDER, { recursive: true });
  const server = await startOwnServer(command, freePort());
  try {
    const sale = await hallOf(server, FANS_AHEAD);
    for (const [look, options] of LOOKS) {
      const context = await browser.newContext({ baseURL: sale.base, ...options });
      const page = await context.newPage();
      await shootLine(page, look, sale);
      await shootSale(page, look);
      await shootHall(page, look, sale);
      const { admin, hall } = sale;
      const scene = { admin, room: "queue", lobby: "lobby", ...hall, fan: `mina ${look}` };
      await shootOps(page, look, scene, shoot);
      await context.close();
      console.log(look);
    }
    await shootPlain(browser, sale.base);
  } finally {
    await server.stop();
  }
  console.log(`The pictures are in ${FOLDER}`);
}

async function main(): Promise<void> {
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: ["--no-sandbox"] });
  try {
    if (Deno.args[0] === README) {
      const withCrowd = (settings: Record<string, string>) => command(settings, "--crowd");
      const server = await startOwnServer(withCrowd, freePort());
      await shootReadme(browser, server.base).finally(server.stop);
    } else await shootEverything(browser);
  } finally {
    await browser.close();
  }
}

await main();
