import assert from "node:assert/strict";
import { openPage, testOfBrowser } from "../support/browser.ts";
import { signIn, start } from "../support/local_run.ts";
import { freePort } from "../../src/tools/local_cloud/free_port.ts";

await testOfBrowser(
  "a site in front hands its fan over, and gets them back with a signed admission",
  async (browser) => {
    const port = freePort();
    // The site in front: another origin of this machine.
    const site = `http://localhost:${port}`;
    await using run = await start({
      PORT: String(port),
      ALLOWED_ORIGINS: site,
      ADMISSION_AUDIENCES: "shop",
    });
    const { page } = await openPage(browser, run.base, { locale: "en" });
    const token = await signIn(run, "handed over");
    const back = encodeURIComponent(`${site}/docs?basket=1`);
    const visited: string[] = [];
    page.on("framenavigated", (frame) => visited.push(frame.url()));
    await page.goto(`/line?return=${back}#access_token=${token}`);
    await page.waitForURL(`${site}/docs?basket=1#admission=*`);
    const [, admission] = page.url().split("#admission=");
    const claims = JSON.parse(atob(admission!.split(".")[1]!.replaceAll("-", "+")));
    assert.equal(claims.room, "main");
    assert.ok(claims.exp * 1000 > Date.now());
    // The token of the fan leaves the address at once.
    assert.ok(
      visited.every((url, index) => index === 0 || !url.includes("access_token")),
      String(visited),
    );
  },
);

await testOfBrowser("a page that was opened before a restart goes on after it", async (browser) => {
  const folder = await Deno.makeTempDir({ prefix: "pages" });
  // The line is in memory: after a restart it forms again for as long as fans may be silent.
  const settings = {
    PORT: String(freePort()),
    DATA_DIR: folder,
    POLL_MAX_SECONDS: "2",
    SHOW_UP_SECONDS: "1",
  };
  const before = await start(settings);
  const { page } = await openPage(browser, before.base, { locale: "en" });
  await page.goto("/shop");
  await page.locator("input").fill("patient");
  await page.keyboard.press("Enter");
  await page.locator(".dates a.main").first().waitFor();
  await before.stop("SIGTERM");
  const between = await start(settings);
  await page.locator(".dates a.main").first().click();
  // The way leads through the line, and back to the seats of that date.
  await page.getByText("The line was restarted").waitFor();
  await page.locator(".list summary").first().click();
  await page.locator(".list-seats button").first().waitFor();
  await between.stop("SIGTERM");
  const joins = page.waitForResponse((answer) => answer.request().method() === "POST");
  // Nor is the token of the place known now.
  await using _after = await start({ ...settings, QUEUE_TOKEN_SECRET: "another ".repeat(5) });
  assert.match((await joins).url(), /\/v1\/queue\/tokens$/);
  await page.locator(".list details:not([open]) summary").first().click();
  await page.locator(".list-seats button").first().click();
  await page.locator(".tray button").click();
  await page.locator(".countdown").waitFor();
  await page.context().close();
  await Deno.remove(folder, { recursive: true });
});

await testOfBrowser(
  "a form without a script leads back to the site in front, too",
  async (browser) => {
    const port = freePort();
    const site = `http://localhost:${port}`;
    await using run = await start({
      PORT: String(port),
      ALLOWED_ORIGINS: site,
      ADMISSION_AUDIENCES: "shop",
    });
    const { page } = await openPage(browser, run.base, { locale: "ko", javaScriptEnabled: false });
    await page.goto(`/line?return=${encodeURIComponent(`${site}/docs`)}`);
    await page.locator("input").fill("no script");
    await page.locator("main button").click();
    await page.waitForURL(`${site}/docs#admission=*`);
  },
);
