import assert from "node:assert/strict";
import { openPage, testOfBrowser } from "../support/browser.ts";
import { type Run, start } from "../support/local_run.ts";
import { enter, hold, paymentsOf, topUp } from "../support/shop_page.ts";

const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };
const ADMIN_TOKEN = "operator-of-the-pages-0123456789abcdef";

let run: Run;
Deno.test.beforeAll(async () => {
  run = await start({ ADMIN_TOKEN });
});
Deno.test.afterAll(async () => {
  await run.stop("SIGTERM");
});

await testOfBrowser(
  "a payment whose answer is lost is made once, over a reload",
  async (browser) => {
    const name = "lost-answer";
    const { page } = await openPage(browser, run.base, { ...PHONE, locale: "en" });
    await enter(page, name);
    await hold(page, 1);
    await topUp(page);
    // Each payment reaches the server, and no answer comes back.
    const lost = Promise.withResolvers<void>();
    let loses = true;
    await page.route("**/v1/payments", async (route) => {
      if (route.request().method() !== "POST" || !loses) return await route.continue();
      await route.fetch();
      await route.abort();
      lost.resolve();
    });
    await page.locator("main button.main").click();
    await lost.promise;
    loses = false;
    await page.reload();
    await page.locator(".ticket img").waitFor();
    assert.deepEqual((await paymentsOf(run, name)).map(({ status }) => status), ["COMPLETED"]);
  },
);

await testOfBrowser(
  "a payment in mid-air when the network goes is made once, and goes on",
  async (browser) => {
    const name = "lost-network";
    const { page } = await openPage(browser, run.base, { ...PHONE, locale: "ko" });
    await enter(page, name);
    await hold(page, 1);
    await topUp(page);
    const sent = Promise.withResolvers<void>();
    let loses = true;
    await page.route("**/v1/payments", async (route) => {
      if (route.request().method() !== "POST" || !loses) return await route.continue();
      loses = false;
      // It reaches the server; then there is no network.
      await route.fetch();
      await page.context().setOffline(true);

      await route.abort("internetdisconnected");
      sent.resolve();
    });
    await page.locator("main button.main").click();
    await sent.promise;
    await page.context().setOffline(false);
    await page.locator(".ticket img").waitFor();
    assert.deepEqual((await paymentsOf(run, name)).map(({ status }) => status), ["COMPLETED"]);
  },
);

await testOfBrowser(
  "of two tabs that pay for the same seats both show the tickets",
  async (browser) => {
    const { page } = await openPage(browser, run.base, { ...PHONE, locale: "en" });
    await enter(page, "two-tabs");
    await hold(page, 1);
    await topUp(page);
    const other = await page.context().newPage();
    const session = await page.evaluate("JSON.stringify(sessionStorage)");
    await other.addInitScript(`Object.assign(sessionStorage, ${session})`);
    await other.goto("/shop#/pay");
    await other.locator(".countdown").waitFor();
    for (const tab of [page, other]) {
      await tab.locator("main button.main").click();
      await tab.locator(".ticket img").waitFor();
    }
    assert.deepEqual((await paymentsOf(run, "two-tabs")).map(({ status }) => status), [
      "COMPLETED",
    ]);
  },
);

await testOfBrowser(
  "a payment under way when the hold ends is not said to have failed",
  async (browser) => {
    const settings = { user: ADMIN_TOKEN, json: { holdTtlSeconds: 4 } };
    await run.call("PATCH", "/v1/admin/rooms/main", settings);
    const { page } = await openPage(browser, run.base, { ...PHONE, locale: "en" });
    await enter(page, "slow-answer");
    await hold(page, 1);
    await run.call("PATCH", "/v1/admin/rooms/main", { ...settings, json: { holdTtlSeconds: 300 } });
    await topUp(page);
    await page.route("**/v1/payments", async (route) => {
      const response = await route.fetch();
      // The answer comes after the hold's end.
      await page.waitForTimeout(5_000);
      await route.fulfill({ response });
    });
    await page.locator("main button.main").click();
    const over = page.getByText("The hold has run out").waitFor().then(
      () => "said",
      () => "unsaid",
    );
    const done = page.locator(".ticket img").waitFor().then(() => "done");
    assert.equal(await Promise.race([over, done]), "done");
  },
);
