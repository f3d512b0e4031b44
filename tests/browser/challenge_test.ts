import assert from "node:assert/strict";
import { assertFits, openPage, testOfBrowser, violationsOf } from "../support/browser.ts";
import { type Run, start } from "../support/local_run.ts";

const PHONE = { viewport: { width: 390, height: 844 }, locale: "en" };
const ADMIN_TOKEN = "operator-of-the-pages-0123456789abcdef";

let run: Run;
Deno.test.beforeAll(async () => {
  run = await start({ ADMIN_TOKEN });
});
Deno.test.afterAll(async () => {
  await run.stop("SIGTERM");
});

await testOfBrowser("a fan passes the challenge of a room, and is in line", async (browser) => {
  const json = { room: "asking", state: "HELD", challengeAtJoin: true };
  assert.equal(
    (await run.call("POST", "/v1/admin/rooms", { user: ADMIN_TOKEN, json })).status,
    201,
  );
  const { page, faults } = await openPage(browser, run.base, PHONE);
  await page.goto("/line?room=asking");
  await page.locator("input").fill("somebody");
  await page.keyboard.press("Enter");
  const button = page.getByRole("button", { name: "I am a person" });
  await button.waitFor();
  assert.deepEqual(await violationsOf(page), []);
  await assertFits(page);
  await button.click();
  await page.getByText("The line is paused").waitFor();
  await page.reload();
  await page.getByText("The line is paused").waitFor();
  // The browser logs the refusal.
  assert.deepEqual(faults.filter((fault) => !fault.includes("403")), []);
});

await testOfBrowser("a challenge that was not passed is asked for again", async (browser) => {
  const json = { room: "asking-again", challengeAtJoin: true };
  await run.call("POST", "/v1/admin/rooms", { user: ADMIN_TOKEN, json });
  const { page } = await openPage(browser, run.base, { ...PHONE, locale: "ko" });
  let refused = false;
  await page.route("**/v1/queue/tokens", async (route) => {
    const sent = route.request().postDataJSON();
    if (sent?.challengeToken === undefined || refused) return await route.continue();
    refused = true;
    await route.continue({ postData: JSON.stringify({ ...sent, challengeToken: "forged" }) });
  });
  await page.goto("/line?room=asking-again");
  await page.locator("input").fill("somebody else");
  await page.keyboard.press("Enter");
  const button = page.getByRole("button", { name: "사람입니다" });
  await button.click();
  await page.getByText("한 번 더").waitFor();
  await button.click();
  await page.waitForURL("**/shop?room=asking-again");
});
