import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { openPage, testOfBrowser } from "../support/browser.ts";
import { start } from "../support/local_run.ts";

/** How long somebody reads before each act, and three times as long on the map before choosing. */
const READS_MS = Number(Deno.env.get("STANCHION_READS_MS") ?? 0);
/** Of one date of the demo sale. */
const SEATS = 40;
const LOOK_INTERVAL_MS = 200;

/** Waits for the part, reads for a while, and clicks. */
async function click(page: Page, selector: string): Promise<void> {
  const part = page.locator(selector).first();
  await part.waitFor();
  await page.waitForTimeout(READS_MS);
  await part.click();
}

/** The places that the line shows one after the other, until it lets the fan in. */
async function watchLine(page: Page): Promise<number[]> {
  const places: number[] = [];
  while (new URL(page.url()).pathname !== "/shop") {
    // The line goes on to the shop by itself, in the middle of a question too.
    const [text] = await page.locator("p.place").allInnerTexts().catch(() => []);
    const place = Number(/^\d+$/.exec(text?.trim() ?? "")?.[0]);
    if (place > 0 && places.at(-1) !== place) places.push(place);
    await page.waitForTimeout(LOOK_INTERVAL_MS);
  }
  return places;
}

await testOfBrowser(
  "from the printed address to a ticket, among a crowd",
  async (browser) => {
    await using run = await start({}, "--crowd");
    const addresses = run.welcome.match(/http:\S+/g)!;
    assert.equal(addresses.length, 1, run.welcome);
    const startedAt = performance.now();
    const { page, faults } = await openPage(browser, addresses[0]!, { locale: "en-GB" });
    await page.goto("/");
    await click(page, ".concert a.main");
    await page.locator("input[name=name]").waitFor();
    await page.waitForTimeout(READS_MS);
    await page.locator("input[name=name]").fill("newcomer");
    await page.keyboard.press("Enter");
    const places = await watchLine(page);
    await click(page, ".dates a.main");
    await page.locator(".plan .seats").first().waitFor({ state: "attached" });
    await page.waitForTimeout(3 * READS_MS);
    await click(page, ".list summary");
    const free = page.locator('.list-seats button[aria-pressed="false"]');
    await free.last().waitFor();
    const freeSeats = await free.count();
    await free.last().click();
    await click(page, ".tray button");
    await page.locator(".countdown").waitFor();
    await click(page, "main button.main");
    await page.locator(".notice.warn").waitFor({ state: "detached" });
    await click(page, "main button.main");
    await page.locator(".ticket img").first().waitFor();
    const ms = performance.now() - startedAt;
    console.log(`a ticket after ${(ms / 1000).toFixed(1)} s; the places in line were ${places}`);
    assert.deepEqual(faults, []);
    assert.ok(places.length >= 3, `the line did not move: ${places}`);
    assert.deepEqual(places, places.toSorted((a, b) => b - a));
    assert.ok(freeSeats >= SEATS / 4 && freeSeats < SEATS, `${freeSeats} seats were free`);
  },
);
