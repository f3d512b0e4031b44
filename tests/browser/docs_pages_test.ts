import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { assertFits, openPage, testOfBrowser, violationsOf } from "../support/browser.ts";
import { type Run, start } from "../support/local_run.ts";

const PHONE = { viewport: { width: 390, height: 844 } };
const DESK = { viewport: { width: 1280, height: 900 } };

/** The paths of all pages, from the links of the first. */
async function pathsOf(page: Page): Promise<string[]> {
  await page.goto("/docs");
  const links = await page.evaluate(
    `[...document.querySelectorAll("nav a")].map((link) => new URL(link.href).pathname)`,
  ) as string[];
  return links.filter((path) => path !== "/openapi.json");
}

let run: Run;
Deno.test.beforeAll(async () => {
  run = await start();
});
Deno.test.afterAll(async () => {
  await run.stop("SIGTERM");
});

const groundOf = (page: Page) =>
  page.evaluate(`getComputedStyle(document.body).backgroundColor`) as Promise<string>;

await testOfBrowser(
  "every page of the documentation is accessible, and fits a phone",
  async (browser) => {
    let pages = 0;
    for (const [size, colorScheme] of [[PHONE, "light"], [DESK, "dark"]] as const) {
      const { page, faults } = await openPage(browser, run.base, { ...size, colorScheme });
      for (const path of await pathsOf(page)) {
        await page.goto(path);
        // A form that is shown is checked, too.
        await page.evaluate(
          `for (const part of document.querySelectorAll("details")) part.open = true`,
        );
        assert.deepEqual(await violationsOf(page), [], `${path} ${colorScheme}`);
        await assertFits(page);
        pages++;
      }
      assert.deepEqual(faults, []);
      await page.context().close();
    }
    assert.ok(pages >= 2 * 18, `${pages} pages were checked`);
  },
);

await testOfBrowser(
  "the theme follows the system, and a choice by hand is kept",
  async (browser) => {
    const { page, faults } = await openPage(browser, run.base, { ...DESK, colorScheme: "light" });
    await page.goto("/docs");
    const light = await groundOf(page);
    await page.emulateMedia({ colorScheme: "dark" });
    const dark = await groundOf(page);
    assert.notEqual(light, dark);
    await page.getByRole("button", { name: "Light theme" }).click();
    assert.equal(await groundOf(page), light);
    await page.goto("/docs/guides/polling");
    assert.equal(await groundOf(page), light);
    assert.deepEqual(faults, []);
  },
);

await testOfBrowser(
  "the search finds guides, calls, problems and schemas by keyboard",
  async (browser) => {
    const { page, faults } = await openPage(browser, run.base, PHONE);
    await page.goto("/docs");
    for (
      const [words, path] of [
        ["idempot", "/docs/guides/retries"],
        ["hold seats", "/docs/api/reservations#holdSeats"],
        ["seat unavailable", "/docs/problems#seat-unavailable"],
        ["WaitingLine", "/docs/api/schemas#WaitingLine"],
        ["좌석", "/docs/problems"],
      ] as const
    ) {
      await page.keyboard.press("/");
      await page.keyboard.type(words);
      const results = page.locator("#results a");
      await results.first().waitFor();
      const places = await results.evaluateAll((links) =>
        links.map((link) => link.getAttribute("href")!)
      );
      assert.ok(places.some((place) => place.startsWith(path)), `${words}: ${places}`);
      assert.deepEqual(await violationsOf(page), []);
      await assertFits(page);
      await page.getByRole("searchbox").fill("");
      await page.keyboard.press("Escape");
      await page.getByRole("searchbox").blur();
    }
    await page.getByRole("searchbox").fill("hold seats");
    await page.locator("#results a").first().waitFor();
    await page.keyboard.press("Enter");
    await page.waitForURL("**/docs/api/reservations#holdSeats");
    assert.deepEqual(faults, []);
  },
);

await testOfBrowser(
  "a fan signs in on the page of a local run, and holds a seat from there",
  async (browser) => {
    const { page, faults } = await openPage(browser, run.base, DESK);
    await page.goto("/docs/api/reservations");
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.getByText("State: ADMITTED").waitFor();
    const hold = page.locator("#holdSeats");
    await hold.getByText("Try it").click();
    assert.match(await hold.getByLabel("Idempotency-Key").inputValue(), /^[\w-]{36}$/);
    await hold.getByRole("button", { name: "Send" }).click();
    await hold.locator("output").getByText('"status": "HELD"').waitFor();
    await page.goto("/docs/api/balance");
    const balance = page.locator("#getBalance");
    await balance.getByText("Try it").click();
    await balance.getByRole("button", { name: "Send" }).click();
    await balance.locator("output").getByText('"currency": "KRW"').waitFor();
    assert.deepEqual(faults, []);
  },
);

await testOfBrowser(
  "without a script the pages are read, and nothing that needs one is shown",
  async (browser) => {
    const options = { ...DESK, javaScriptEnabled: false };
    const { page } = await openPage(browser, run.base, options);
    await page.goto("/docs/api/payments");
    assert.ok(await page.getByRole("heading", { name: "Pay" }).first().isVisible());
    assert.ok(await page.getByRole("link", { name: "Going live" }).isVisible());
    for (const part of ["#search", "#theme", "#credentials", ".trial"]) {
      assert.equal(await page.locator(part).first().isVisible(), false, part);
    }
  },
);

await testOfBrowser("the checks of pages find what they look for", async (browser) => {
  const { page, faults } = await openPage(browser, run.base, PHONE);
  await page.goto("/docs");
  await page.evaluate(`
    document.querySelector("main").insertAdjacentHTML("beforeend",
      '<p class="bad">faint</p><img src="https://example.com/a.png"><pre>' + "x".repeat(99) + "</pre>");
    document.querySelector(".bad").style.color = "#ccc";
    document.querySelector("pre:last-child").style.overflowWrap = "normal";`);
  const found = await violationsOf(page);
  assert.ok(found.some((rule) => rule.startsWith("color-contrast")), String(found));
  assert.ok(found.some((rule) => rule.startsWith("image-alt")), String(found));
  await assert.rejects(assertFits(page));
  assert.ok(faults.some((fault) => /Content Security Policy/.test(fault)), String(faults));
});
