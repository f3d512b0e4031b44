import type { Browser, Page } from "playwright-core";

// The pictures of README.md: what a fan sees after `deno task dev --crowd`.

const FOLDER = new URL("../../../docs/pictures/", import.meta.url);
/** A phone, less its empty end. */
const SCREEN = {
  viewport: { width: 390, height: 664 },
  deviceScaleFactor: 2,
  locale: "en-GB",
  timezoneId: "Asia/Seoul",
  colorScheme: "light",
} as const;
/** So near the turn, a part of the way is behind the fan. */
const SHOWN_PLACE = 4;
const CHOSEN_SEATS = 2;
const LOOK_INTERVAL_MS = 50;
/** Every reader loads both. */
const MOST_BYTES = 150_000;

async function shoot(page: Page, name: string): Promise<void> {
  const path = new URL(`${name}.png`, FOLDER).pathname;
  // The bar on the rope is drawn in steps.
  await page.waitForTimeout(400);
  const { length } = await page.screenshot({ path });
  if (length > MOST_BYTES) throw new Error(`${path} has ${length} bytes, above ${MOST_BYTES}`);
  console.log(`${path}: ${length} bytes`);
}

/** Waits in the line until the place is shown that the picture has. */
async function untilNear(page: Page): Promise<void> {
  const place = page.locator("p.place");
  await place.waitFor();
  while (Number(await place.innerText()) > SHOWN_PLACE) {
    await page.waitForTimeout(LOOK_INTERVAL_MS);
  }
}

export async function shootReadme(browser: Browser, baseURL: string): Promise<void> {
  await Deno.mkdir(FOLDER, { recursive: true });
  const context = await browser.newContext({ baseURL, ...SCREEN });
  const page = await context.newPage();
  await page.goto("/line?room=main");
  await page.locator("input[name=name]").fill("Mina");
  await page.keyboard.press("Enter");
  await untilNear(page);
  await shoot(page, "line");
  // The line lets the fan into the shop by itself.
  await page.locator(".dates a.main").first().click();
  await page.locator(".plan .seats").first().waitFor({ state: "attached" });
  const list = page.locator(".list summary").first();
  await list.click();
  const free = page.locator('.list-seats button[aria-pressed="false"]');
  for (let seat = 0; seat < CHOSEN_SEATS; seat++) await free.first().click();
  await list.click();
  await page.mouse.move(0, 0);
  await page.evaluate("scrollTo(0, 0)");
  await shoot(page, "seats");
  await context.close();
}
