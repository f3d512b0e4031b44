import assert from "node:assert/strict";
import type { Browser } from "playwright-core";
import { assertFits, openPage, testOfBrowser, violationsOf } from "../support/browser.ts";
import { waitUntil } from "../support/wait.ts";
import { type Run, signIn, start } from "../support/local_run.ts";

const PHONE = { viewport: { width: 390, height: 844 }, locale: "en" };
const ADMIN_TOKEN = "operator-of-the-pages-0123456789abcdef";

let run: Run;
Deno.test.beforeAll(async () => {
  run = await start({
    QUEUE_CAPACITY: "1",
    POLL_MAX_SECONDS: "2",
    SHOW_UP_SECONDS: "2",
    ADMIN_TOKEN,
  });
});
Deno.test.afterAll(async () => {
  await run.stop("SIGTERM");
});

const operate = (method: string, path: string, json?: unknown) =>
  run.call(method, `/v1/admin${path}`, { user: ADMIN_TOKEN, ...(json ? { json } : {}) });

/** A room of one slot, which somebody has. */
async function fullRoom(room: string): Promise<{ leave(): Promise<unknown> }> {
  assert.equal((await operate("POST", "/rooms", { room, capacity: 1 })).status, 201);
  const user = await signIn(run, "first");
  const { token } = (await run.call("POST", "/v1/queue/tokens", { user, json: { room } })).body;
  return { leave: () => run.call("DELETE", "/v1/queue/tokens/me", { place: token }) };
}

await testOfBrowser("a fan waits, and goes on at the turn", async (browser) => {
  const { leave } = await fullRoom("turn");
  const { page, faults } = await openPage(browser, run.base, PHONE);
  await page.goto("/line?room=turn");
  await page.locator("input").fill("second");
  await page.keyboard.press("Enter");
  await page.locator(".place").waitFor();
  assert.equal(await page.locator(".place").innerText(), "1");
  assert.match(await page.title(), /^1 in line/);
  assert.deepEqual(await violationsOf(page), []);
  await assertFits(page);
  await page.reload();
  await page.locator(".place").waitFor();
  await leave();
  await page.locator(".turn").waitFor();
  assert.match(await page.title(), /your turn/);
  assert.deepEqual(await violationsOf(page), []);
  await page.waitForURL("**/shop?room=turn");
  await page.locator(".time-left").waitFor();
  assert.deepEqual(faults, []);
});

await testOfBrowser("a closed line is joined by itself when it opens", async (browser) => {
  const opensAt = new Date(Date.now() + 600_000).toISOString();
  await operate("POST", "/rooms", { room: "shut", state: "CLOSED", opensAt });
  const { page, faults } = await openPage(browser, run.base, PHONE);
  await page.goto("/line?room=shut");
  await page.locator("input").fill("early");
  await page.clock.install();
  await page.keyboard.press("Enter");
  await page.locator("[role=timer]").waitFor();
  assert.deepEqual(await violationsOf(page), []);
  await operate("PATCH", "/rooms/shut", { state: "OPEN" });
  await page.clock.fastForward(615_000);
  await page.waitForURL("**/shop?room=shut");
  // The browser logs the refusal.
  assert.deepEqual(faults.filter((fault) => !fault.includes("409")), []);
});

await testOfBrowser("a closed line without a time is watched without joining", async (browser) => {
  await operate("POST", "/rooms", { room: "shut-again", state: "CLOSED" });
  const { page } = await openPage(browser, run.base, PHONE);
  const asked = { "/v1/queue/tokens": 0, "/v1/rooms/shut-again": 0 };
  page.on("request", (request) => {
    const { pathname } = new URL(request.url());
    if (pathname in asked) asked[pathname as keyof typeof asked]++;
  });
  await page.goto("/line?room=shut-again");
  await page.locator("input").fill("patient");
  await page.clock.install();
  await page.keyboard.press("Enter");
  await page.locator("[role=alert]").waitFor();
  const looked = page.waitForResponse("**/v1/rooms/shut-again");
  await page.clock.fastForward(31_000);
  await looked;
  assert.deepEqual(asked, { "/v1/queue/tokens": 1, "/v1/rooms/shut-again": 1 });
  await operate("PATCH", "/rooms/shut-again", { state: "OPEN" });
  // What is known of a room may be a second old.
  await waitUntil("the room is seen open", async () => {
    return (await run.call("GET", "/v1/rooms/shut-again")).body.state === "OPEN";
  });
  await page.clock.fastForward(31_000);
  await page.waitForURL("**/shop?room=shut-again");
});

await testOfBrowser("every state of the line is told, and accessible", async (browser) => {
  await fullRoom("states");
  const { page } = await openPage(browser, run.base, { ...PHONE, colorScheme: "dark" });
  const check = async (what: string) => {
    assert.deepEqual(await violationsOf(page), [], what);
    await assertFits(page);
  };
  await page.goto("/line?room=states");
  await page.locator("input").fill("third");
  await page.keyboard.press("Enter");
  await page.locator(".place").waitFor();
  for (
    const [state, text] of [["HELD", "The line is paused"], ["CLOSED", "closed for now"]] as const
  ) {
    await operate("PATCH", "/rooms/states", { state });
    await page.getByText(text).waitFor();
    await check(state);
  }
  const opensAt = new Date(Date.now() + 3_600_000).toISOString();
  assert.equal((await operate("PATCH", "/rooms/states", { state: "LOBBY", opensAt })).status, 200);
  await page.goto("/line?room=states");
  await page.locator(".place, .centred").first().waitFor();
  await check("LOBBY");
  await page.context().setOffline(true);
  await page.getByText("We can’t reach the ticket office").waitFor();
  await check("offline");
  await page.context().setOffline(false);
  await page.getByText("We can’t reach the ticket office").waitFor({ state: "detached" });
  await page.getByRole("button", { name: "Leave the line" }).click();
  await check("asks before leaving");
  await page.getByRole("button", { name: "Yes, leave" }).click();
  await page.getByText("You’re not in line any more").waitFor();
  await check("left");
  await page.goto("/line?room=no-such-room");
  await page.getByText("You can’t join this line").waitFor();
  await check("refused");
});

await testOfBrowser("a sold-out line says so, and whether seats may return", async (browser) => {
  assert.equal((await operate("POST", "/rooms", { room: "sold" })).status, 201);
  const concertAt = new Date(Date.now() + 86_400_000).toISOString();
  const reservationAvailableAt = new Date(Date.now() - 1000).toISOString();
  const schedules = [{ concertAt, reservationAvailableAt, seats: [{ price: 0 }] }];
  const concert = { title: "One Seat", description: "", room: "sold", schedules };
  const made = (await operate("POST", "/concerts", concert)).body;
  const user = await signIn(run, "buyer");
  const json = { room: "sold" };
  const { token: place } = (await run.call("POST", "/v1/queue/tokens", { user, json })).body;
  const { concertId, schedules: [{ scheduleId, seats: [{ seatId }] }] } = made;
  const hold = { user, place, json: { concertId, scheduleId, seatIds: [seatId] } };
  const { reservations: [{ reservationId }] } = (await run.call("POST", "/v1/reservations", hold))
    .body;
  // Whoever looks at the seats lets the line know.
  const seats = `/v1/concerts/${concertId}/schedules/${scheduleId}/seats`;
  assert.equal((await run.call("GET", seats, { user, place })).status, 200);
  const { page, faults } = await openPage(browser, run.base, { ...PHONE, locale: "ko" });
  await page.goto("/line?room=sold");
  await page.locator("input").fill("too late");
  await page.keyboard.press("Enter");
  await page.getByText("좌석이 나오면 순서대로 안내해 드립니다").waitFor();
  const pay = { user, key: "sold", json: { reservationIds: [reservationId] } };
  assert.equal((await run.call("POST", "/v1/payments", pay)).status, 201);
  await page.getByText("추가로 나올 좌석은 없을 것으로 예상됩니다").waitFor();
  assert.deepEqual(await violationsOf(page), []);
  await assertFits(page);
  assert.deepEqual(faults, []);
});

await testOfBrowser("many tabs have one poller, and the turn comes in each", async (browser) => {
  const { leave } = await fullRoom("tabs");
  const { page, faults } = await openPage(browser, run.base, PHONE);
  await page.goto("/line?room=tabs");
  await page.locator("input").fill("two tabs");
  await page.keyboard.press("Enter");
  await page.locator(".place").waitFor();
  const other = await page.context().newPage();
  const asked = { page: 0, other: 0 };
  const isPoll = (request: { url(): string }) => request.url().endsWith("/v1/queue/tokens/me");
  page.on("request", (request) => isPoll(request) && asked.page++);
  other.on("request", (request) => isPoll(request) && asked.other++);
  // The sign-in is of one tab; the other one gets it by a link of the shop in front.
  const token = await page.evaluate(`sessionStorage.getItem("stanchion access token")`);
  await other.goto(`/line?room=tabs#access_token=${token}`);
  await other.locator(".place").waitFor();
  for (let polls = 0; polls < 2; polls++) await page.waitForResponse(isPoll);
  assert.equal(asked.other, 0);
  assert.ok(asked.page >= 2);
  await leave();
  await Promise.all([page, other].map((tab) => tab.locator(".turn, .time-left").waitFor()));
  assert.deepEqual(faults, []);
});

await testOfBrowser(
  "a fan who missed the turn comes back, and gets the next free slot",
  async (browser) => {
    const { leave } = await fullRoom("missed");
    const { page, faults } = await openPage(browser, run.base, PHONE);
    await page.goto("/line?room=missed");
    await page.locator("input").fill("absent");
    await page.keyboard.press("Enter");
    await page.locator(".place").waitFor();
    await page.goto("about:blank");
    await leave();
    await waitUntil("the turn is missed", async () => {
      await operate("POST", "/queue/promotions");
      return (await operate("GET", "/queue?room=missed")).body.parked === 1;
    });
    await page.goto("/line?room=missed");
    await page.locator(".turn, .time-left").first().waitFor();
    assert.deepEqual(faults, []);
  },
);

/** The check itself is a script: documents without one are shown to it without their `noscript`. */
async function assertAccessible(browser: Browser, documents: readonly string[]): Promise<void> {
  const { page } = await openPage(browser, run.base, PHONE);
  for (const html of documents) {
    const body = html.replaceAll(/<\/?noscript>|<script.*?<\/script>/g, "");
    await page.route("**/plain", (route) => route.fulfill({ body, contentType: "text/html" }));
    await page.goto("/plain");
    await page.locator("main button, main a.main").waitFor();
    assert.deepEqual(await violationsOf(page), []);
    await assertFits(page);
    await page.unroute("**/plain");
  }
}

await testOfBrowser("the line works without a script", async (browser) => {
  const { leave } = await fullRoom("plain");
  const options = { ...PHONE, locale: "ko", javaScriptEnabled: false };
  const { page, faults } = await openPage(browser, run.base, options);
  await page.goto("/");
  assert.ok(await page.getByRole("heading", { name: "Night Train" }).isVisible());
  await page.goto("/line?room=plain");
  const form = await page.content();
  await page.locator("input").fill("no-script");
  await page.locator("main button").click();
  await page.locator(".place").waitFor();
  assert.equal(await page.locator(".place").innerText(), "1");
  const [place] = (await page.context().cookies()).filter(({ name }) => name === "line-place");
  assert.deepEqual([place!.httpOnly, place!.sameSite, place!.path], [true, "Lax", "/line"]);
  await leave();
  // The page reloads by itself.
  await page.locator('a[href="/shop?room=plain"]').waitFor();
  assert.equal(await page.locator("h1").innerText(), "입장하실 차례입니다");
  await assertAccessible(browser, [form, await page.content()]);
  assert.deepEqual(faults, []);
});

await testOfBrowser("a page with a script does not reload itself", async (browser) => {
  await fullRoom("scripted");
  const { page, faults } = await openPage(browser, run.base, PHONE);
  await page.goto("/line?room=scripted");
  await page.locator("input").fill("scripted");
  await page.keyboard.press("Enter");
  await page.locator(".place").waitFor();
  // The place of the cookie makes the document one that reloads itself without a script.
  const form = { headers: { Origin: run.base }, form: { userId: "scripted" } };
  await page.request.post("/line?room=scripted", form);
  const document = await page.reload();
  assert.match(await document!.text(), /http-equiv="refresh" content="2"/);
  let documents = 0;
  page.on("request", (request) => request.isNavigationRequest() && documents++);
  for (let polls = 0; polls < 3; polls++) {
    await page.waitForResponse((response) => response.url().endsWith("/v1/queue/tokens/me"));
  }
  assert.equal(documents, 0);
  assert.deepEqual(faults, []);
});
