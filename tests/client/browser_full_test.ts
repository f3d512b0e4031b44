import { deepEqual, equal, ok } from "node:assert/strict";
import { build } from "esbuild";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { fileURLToPath } from "node:url";
import type { Place } from "../../src/client/place_state.ts";
import { testOfBrowser } from "../support/browser.ts";
import { type Run, signIn, start } from "../support/local_run.ts";
import { sleep, waitUntil } from "../support/wait.ts";

const CLIENT = fileURLToPath(new URL("../../src/client/", import.meta.url));
const TOLD_MS = 2_000;

declare global {
  // What the page below offers to the tests.
  var buySeats: typeof import("../../src/client/examples/sale.ts").buySeats;
  var stanchion: typeof import("../../src/client/index.ts");
  var place: Place;
}

/** A page of another origin that has the client and the example. */
async function servePage(): Promise<{ url: string; close(): Promise<void> }> {
  const { outputFiles } = await build({
    stdin: {
      contents: `import { buySeats } from "./examples/sale.ts";
        import * as stanchion from "./index.ts";
        Object.assign(globalThis, { buySeats, stanchion });`,
      resolveDir: CLIENT,
    },
    alias: { "@stanchion/client": `${CLIENT}index.ts` },
    bundle: true,
    format: "esm",
    write: false,
  });
  const headers = { "Content-Type": "text/html; charset=utf-8" };
  const html = `<!doctype html><title>shop</title><script type="module">${outputFiles[0]!.text}
    </script>`;
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen() {} },
    () => new Response(html, { headers }),
  );
  const url = `http://localhost:${server.addr.port}/`;
  return { url, close: () => server.shutdown() };
}

async function withShop(
  browser: Browser,
  settings: Record<string, string>,
  act: (context: BrowserContext, parts: { run: Run; url: string }) => Promise<void>,
): Promise<void> {
  const run = await start(settings);
  const page = await servePage();
  try {
    await act(await browser.newContext(), { run, url: page.url });
  } finally {
    await page.close();
    await run.stop("SIGTERM");
  }
}

interface Tab {
  readonly page: Page;
  /** Its requests to the line. */
  readonly sent: readonly string[];
}

/** A tab whose fan waits, and the requests to the line that it sends. */
async function waitingTab(
  context: BrowserContext,
  { run, url, accessToken }: { run: Run; url: string; accessToken: string },
): Promise<Tab> {
  const page = await context.newPage();
  const sent: string[] = [];
  page.on("request", (request) => {
    const path = new URL(request.url()).pathname;
    if (path.startsWith("/v1/queue/tokens") && request.method() !== "OPTIONS") {
      sent.push(`${request.method()} ${path}`);
    }
  });
  await page.goto(url);
  await joinIn(page, run, accessToken);
  return { page, sent };
}

async function joinIn(page: Page, { base }: Run, accessToken: string): Promise<void> {
  await page.evaluate(async ({ baseUrl, accessToken }) => {
    const client = globalThis.stanchion.createStanchionClient({ baseUrl, accessToken });
    globalThis.place = await client.joinQueue();
  }, { baseUrl: base, accessToken });
}

const phaseIn = (page: Page) => page.evaluate(() => globalThis.place.current.phase);
const positionIn = (page: Page) =>
  page.evaluate(() => globalThis.place.current.line?.position ?? null);

await testOfBrowser(
  "client: a page of another origin buys tickets in a browser",
  async (browser) => {
    await withShop(browser, {}, async (context, { run, url }) => {
      const accessToken = await signIn(run, "ann");
      const page = await context.newPage();
      const errors: string[] = [];
      page.on("console", (message) => message.type() === "error" && errors.push(message.text()));
      page.on("pageerror", ({ message }) => errors.push(message));
      await page.goto(url);
      const codes = await page.evaluate(
        (options) => globalThis.buySeats(options, () => {}),
        { baseUrl: run.base, accessToken, count: 2 },
      );
      equal(codes.length, 2);

      const statuses: number[] = [];
      page.on("response", (response) => {
        if (response.url().includes("/seat-map")) statuses.push(response.status());
      });
      const options = { baseUrl: run.base, accessToken: await signIn(run, "bob") };
      const seats = await page.evaluate(async (options) => {
        const client = globalThis.stanchion.createStanchionClient(options);
        const place = await client.joinQueue();
        await place.admitted();
        const hall = client.seats(1, 1);
        await hall.refresh();
        await client.hold({ concertId: 1, scheduleId: 1, bestAvailable: { quantity: 1 } });
        const { seats } = await hall.refresh();
        return seats.map(({ status, own }) => `${status} ${own}`);
      }, options);
      equal(seats.length, 40);
      // Statuses of this second are older than the hold.
      deepEqual(seats.filter((seat) => seat.endsWith("true")), ["HELD true"]);
      deepEqual(statuses, [200]);
      ok(codes.every((code) => code.startsWith("ticket-")), `${codes}`);
      deepEqual(errors, []);
    });
  },
);

/** A line with one slot, which is taken; the fan's polls are told every two seconds. */
const FULL = { QUEUE_CAPACITY: "1", POLL_MIN_SECONDS: "2", POLL_MAX_SECONDS: "2" };

async function fill(run: Run): Promise<string> {
  const user = await signIn(run, "first");
  const { body } = await run.call("POST", "/v1/queue/tokens", { user });
  equal(body.state, "ADMITTED");
  return body.token;
}

await testOfBrowser(
  "client: of a browser's tabs one polls, and another after it was closed",
  async (browser) => {
    await withShop(browser, FULL, async (context, { run, url }) => {
      const admitted = await fill(run);
      const accessToken = await signIn(run, "ann");
      const startedMs = Date.now();
      const tabs: Tab[] = [];
      for (let tab = 0; tab < 3; tab++) {
        tabs.push(await waitingTab(context, { run, url, accessToken }));
        await waitUntil("the tab waits", async () => await phaseIn(tabs[tab]!.page) === "waiting");
      }
      await sleep(3 * TOLD_MS);
      const polling = tabs.filter(({ sent }) => sent.length > 0);
      equal(polling.length, 1, "one tab has asked");
      const [poller] = polling;
      // A poll comes a second and a tenth early at most.
      const most = 1 + (Date.now() - startedMs) / (TOLD_MS * 0.9 - 1_000);
      ok(poller!.sent.length >= 3 && poller!.sent.length <= most, `${poller!.sent}`);
      for (const { page } of tabs) equal(await positionIn(page), 1);

      await poller!.page.close();
      const others = tabs.filter((tab) => tab !== poller);
      await waitUntil("another polls", () => others.some(({ sent }) => sent.length >= 2));
      equal(others.filter(({ sent }) => sent.length > 0).length, 1);

      await run.call("DELETE", "/v1/queue/tokens/me", { place: admitted });
      for (const { page } of others) {
        await waitUntil("the tab is admitted", async () => await phaseIn(page) === "admitted");
      }
    });
  },
);

await testOfBrowser(
  "client: a reload in a browser keeps the place, and asks nothing before the told time",
  async (browser) => {
    const settings = { ...FULL, POLL_MIN_SECONDS: "60", POLL_MAX_SECONDS: "60" };
    await withShop(browser, settings, async (context, { run, url }) => {
      await fill(run);
      const accessToken = await signIn(run, "ann");
      const { page, sent } = await waitingTab(context, { run, url, accessToken });
      await waitUntil("the fan waits", async () => await phaseIn(page) === "waiting");
      for (let reload = 0; reload < 3; reload++) {
        await page.reload();
        await joinIn(page, run, accessToken);
        equal(await phaseIn(page), "waiting", "at once");
        equal(await positionIn(page), 1);
      }
      deepEqual(sent, ["POST /v1/queue/tokens"]);
    });
  },
);

await testOfBrowser(
  "client: a lost network in a browser is told, and keeps the place",
  async (browser) => {
    await withShop(browser, FULL, async (context, { run, url }) => {
      const admitted = await fill(run);
      const accessToken = await signIn(run, "ann");
      const { page } = await waitingTab(context, { run, url, accessToken });
      await waitUntil("the fan waits", async () => await phaseIn(page) === "waiting");
      await context.setOffline(true);
      await waitUntil(
        "the lost network is told",
        () => page.evaluate(() => globalThis.place.current.failure !== null),
      );
      equal(await phaseIn(page), "waiting");
      await run.call("DELETE", "/v1/queue/tokens/me", { place: admitted });
      await context.setOffline(false);
      await waitUntil("the fan is admitted", async () => await phaseIn(page) === "admitted");
    });
  },
);
