import assert from "node:assert/strict";
import { freePort } from "../../src/tools/local_cloud/free_port.ts";
import { openPage, testOfBrowser } from "../support/browser.ts";
import { bash } from "../support/docs_shell.ts";
import { codeBlocks, readDocument, sectionOf } from "../support/documents.ts";
import { start } from "../support/local_run.ts";

/** The port of the site in front in docs/pages.md. */
const SITE_PORT = "9000";

await testOfBrowser(
  "the steps of docs/pages.md hand a fan over, and bring the fan back",
  async (browser) => {
    const port = freePort();
    await using _site = Deno.serve(
      { hostname: "127.0.0.1", port, onListen() {} },
      () => new Response("the site in front"),
    );
    const section = sectionOf(readDocument("docs/pages.md"), "Try it on this machine")
      .replaceAll(SITE_PORT, String(port));
    const [starting, opening] = codeBlocks({ path: "docs/pages.md", text: section });
    const settings = [...starting!.text.matchAll(/([A-Z_]+)=(\S+)/g)]
      .map(([, name, value]) => [name!, value!]);
    assert.deepEqual(
      settings.map(([name]) => name),
      ["ALLOWED_ORIGINS", "ADMISSION_AUDIENCES"],
    );
    await using run = await start(Object.fromEntries(settings));
    const { out, errors } = await bash(opening!.text, run.base);
    assert.equal(errors, "");
    const { page } = await openPage(browser, run.base, { locale: "en" });
    await page.goto(out.trim());
    await page.waitForURL(`http://localhost:${port}/seats#admission=*`);
    const [, payload] = page.url().split("#admission=")[1]!.split(".");
    const { aud, room } = JSON.parse(atob(payload!.replaceAll("-", "+").replaceAll("_", "/")));
    assert.deepEqual([aud, room], [`http://localhost:${port}`, "main"]);
    const other = out.trim().replace(/return=[^#]*/, "return=http%3A%2F%2Flocalhost%3A1%2F");
    await page.goto("about:blank");
    await page.goto(other);
    await page.waitForURL(/\/shop/);
  },
);
