import assert from "node:assert/strict";
import type { BrowserContextOptions, Page } from "playwright-core";
import {
  assertFits,
  openPage,
  testOfBrowser,
  violationsOf,
  type WatchedPage,
} from "../support/browser.ts";
import { type Run, signIn, start } from "../support/local_run.ts";
import { enter, hold, paymentsOf, topUp } from "../support/shop_page.ts";

const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };
const DESK = { viewport: { width: 1280, height: 900 } };

const ADMIN_TOKEN = "operator-of-the-pages-0123456789abcdef";

let run: Run;
Deno.test.beforeAll(async () => {
  run = await start({ ADMIN_TOKEN });
  const refundUntil = new Date(Date.now() + 86_400_000).toISOString();
  const json = { schedules: [{ scheduleId: 1, refundUntil }] };
  await run.call("PATCH", "/v1/admin/concerts/1", { user: ADMIN_TOKEN, json });
});
Deno.test.afterAll(async () => {
  await run.stop("SIGTERM");
});

async function assertSound(watched: WatchedPage, where: string): Promise<void> {
  await assertWithout(watched, where, null);
}

/** As above, but for what the browser says itself of refusals that were provoked. */
async function assertWithout(
  { page, faults }: WatchedPage,
  where: string,
  refusal: RegExp | null,
): Promise<void> {
  assert.deepEqual(await violationsOf(page), [], where);
  await assertFits(page);
  assert.deepEqual(faults.filter((fault) => !refusal?.test(fault)), [], where);
}

const SALES: readonly (readonly [string, BrowserContextOptions, RegExp])[] = [
  ["phone-en", { ...PHONE, locale: "en-US", timezoneId: "Europe/Berlin" }, /You’re going/],
  ["desk-ko", { ...DESK, locale: "ko-KR", colorScheme: "dark" }, /예매가 완료/],
];

for (const [name, options, done] of SALES) {
  await testOfBrowser(`a fan buys two seats, and has one refunded: ${name}`, async (browser) => {
    const watched = await openPage(browser, run.base, options);
    const { page } = watched;
    await page.goto("/");
    await page.locator(".concert").first().waitFor();
    await assertSound(watched, "programme");
    await page.goto("/tickets");
    await page.locator("input").waitFor();
    await assertSound(watched, "sign-in");
    await enter(page, name);
    await assertSound(watched, "concerts");
    await page.locator(".dates a.main").first().click();
    await page.locator(".plan .seats").first().waitFor({ state: "attached" });
    await page.locator(".list summary").first().click();
    await assertSound(watched, "seats");
    await page.goBack();
    await hold(page, 2);
    await assertSound(watched, "balance is short");
    await topUp(page);
    await assertSound(watched, "pay");
    await page.locator("main button.main").click();
    await page.locator(".ticket img").nth(1).waitFor();
    assert.match(await page.locator("h1").innerText(), done);
    await assertSound(watched, "done");
    await page.goto("/tickets");
    await page.locator(".entry button[aria-expanded]").first().click();
    await assertSound(watched, "refund is asked twice");
    await page.locator(".notice button").first().click();
    await page.locator(".entry .tag").waitFor();
    await page.locator(".ticket.used").waitFor();
    await assertSound(watched, "refunded");
    await page.context().close();
    const statuses = (await paymentsOf(run, name)).map(({ status }) => status);
    assert.deepEqual(statuses.sort(), ["COMPLETED", "REFUNDED"]);
  });
}

await testOfBrowser("a whole sale by keyboard alone", async (browser) => {
  const { page, faults } = await openPage(browser, run.base, { ...DESK, locale: "en" });
  /** Tabs on until a part that the selector names has the focus. */
  async function tabTo(selector: string): Promise<void> {
    for (let presses = 0; presses < 60; presses++) {
      await page.keyboard.press("Tab");
      if (await page.evaluate(`document.activeElement?.matches(${JSON.stringify(selector)})`)) {
        return;
      }
    }
    throw new Error(`the focus never reached ${selector}`);
  }
  await page.goto("/");
  await page.locator(".concert").first().waitFor();
  await tabTo(".concert a");
  await page.keyboard.press("Enter");
  await page.locator("input[name=name]").waitFor();
  await tabTo("input[name=name]");
  await page.keyboard.type("keyboard");
  await page.keyboard.press("Enter");
  await page.locator(".dates a.main").first().waitFor();
  await tabTo(".dates a");
  await page.keyboard.press("Enter");
  await page.locator(".plan .seats").first().waitFor({ state: "attached" });
  await tabTo(".plan");
  for (const key of ["ArrowDown", "ArrowDown", "ArrowDown", "+", "+"]) {
    await page.keyboard.press(key);
  }
  await page.keyboard.press("Enter");
  await page.locator(".seats.chosen[d^=M]").waitFor({ state: "attached" });
  assert.match(await page.locator(".map [aria-live]").innerText(), /Row C .*Chosen/);
  await tabTo(".tray button");
  await page.keyboard.press("Enter");
  await page.locator(".countdown").waitFor();
  await tabTo("main button.main");
  await page.keyboard.press("Enter");
  await page.locator(".notice.warn").waitFor({ state: "detached" });
  await tabTo("main button.main");
  await page.keyboard.press("Enter");
  await page.locator(".ticket img").waitFor();
  assert.deepEqual(faults, []);
});

await testOfBrowser("a device whose clock is far ahead stays signed in", async (browser) => {
  const { page } = await openPage(browser, run.base, { ...PHONE, locale: "en" });
  await page.clock.install({ time: Date.now() + 30 * 86_400_000 });
  await enter(page, "from-the-future");
  assert.equal(await page.locator(".dates a.main").count() > 0, true);
});

await testOfBrowser("seats that somebody else takes leave the choice", async (browser) => {
  const { page, faults } = await openPage(browser, run.base, { ...DESK, locale: "en" });
  await enter(page, "slower");
  await page.locator(".dates a.main").nth(1).click();
  await page.locator(".list summary").first().click();
  const seat = page.locator(".list-seats button").first();
  await seat.click();
  const user = await signIn(run, "faster");
  const place = (await run.call("POST", "/v1/queue/tokens", { user })).body.token;
  const json = { concertId: 1, scheduleId: 2, bestAvailable: { quantity: 4 } };
  const map = (await run.call("GET", "/v1/concerts/1/schedules/2/seats", { user, place })).body;
  const { seatId } = map.seats[0];
  const held = await run.call("POST", "/v1/reservations", {
    user,
    place,
    json: { ...json, bestAvailable: undefined, seatIds: [seatId] },
  });
  assert.equal(held.status, 201);
  await page.getByText("Just taken by somebody else: Stalls Row A Seat 1").waitFor();
  assert.ok(await page.locator(".tray button").isDisabled());
  assert.deepEqual(await violationsOf(page), []);
  assert.deepEqual(faults, []);
});

await testOfBrowser(
  "a hold that lapses, and a place that ends, are told with the way on",
  async (browser) => {
    const operate = (method: string, path: string, json?: unknown) =>
      run.call(method, `/v1/admin${path}`, { user: ADMIN_TOKEN, ...(json ? { json } : {}) });
    const room = "short";
    assert.equal((await operate("POST", "/rooms", { room, holdTtlSeconds: 3 })).status, 201);
    const schedule = {
      concertAt: new Date(Date.now() + 86_400_000).toISOString(),
      reservationAvailableAt: new Date(Date.now() - 1000).toISOString(),
      seats: [{ price: 1000 }, { price: 1000 }],
    };
    const concert = { title: "Short Holds", description: "", room, schedules: [schedule] };
    const { concertId } = (await operate("POST", "/concerts", concert)).body;
    const watched = await openPage(browser, run.base, { ...PHONE, locale: "en" });
    const { page } = watched;
    await page.goto(`/shop?room=${room}`);
    await page.locator("input").fill("hesitant");
    await page.keyboard.press("Enter");
    await page.locator(".dates a.main").click();
    // More seats side by side than there are.
    await page.locator(".best select").selectOption("3");
    await page.locator(".best button").click();
    await page.getByText("Side by side there are 2 free seats at most").waitFor();
    await assertWithout(watched, "too few seats side by side", /409/);
    await page.locator(".best select").selectOption("2");
    await page.locator(".best button").click();
    await page.getByText("The hold has run out").waitFor();
    await assertWithout(watched, "the hold has lapsed", /409/);
    await page.goto(`/shop?room=${room}`);
    await page.locator(".time-left").waitFor();
    assert.equal((await operate("DELETE", `/rooms/${room}/places/hesitant`)).status, 200);
    await page.goto(`/shop?room=${room}#/${concertId}/1`);
    await page.getByText("It isn’t your turn at the moment").waitFor();
    await assertWithout(watched, "the place has ended", /40[39]/);
  },
);

await testOfBrowser("language and theme are chosen by hand, and kept", async (browser) => {
  const { page, faults } = await openPage(browser, run.base, { ...PHONE, locale: "en" });
  await page.goto("/");
  await page.getByRole("button", { name: "한국어" }).click();
  await page.getByRole("heading", { name: "공연 예매" }).waitFor();
  await page.getByRole("button", { name: "어두운 화면" }).click();
  await page.goto("/tickets");
  await page.getByRole("button", { name: "로그인" }).waitFor();
  assert.equal(await page.evaluate("document.documentElement.lang"), "ko");
  assert.equal(await page.evaluate("document.documentElement.dataset.theme"), "dark");
  assert.deepEqual(await violationsOf(page), []);
  assert.deepEqual(faults, []);
});

/** Where the first seat of some looks is on the screen. */
async function placeOf(page: Page, looks: string): Promise<[number, number]> {
  return await page.evaluate(`(() => {
    const path = document.querySelector(${JSON.stringify(`.seats.${looks}`)});
    const [, x, y] = /^M([\\d.]+) ([\\d.]+)/.exec(path.getAttribute("d"));
    const { x: left, y: top } = new DOMPoint(x, y).matrixTransform(path.getScreenCTM());
    return [left, top];
  })()`) as [number, number];
}

/** Two fingers that part, about a point. */
async function pinch(page: Page, [x, y]: readonly [number, number]): Promise<void> {
  const touch = await page.context().newCDPSession(page);
  const fingers = (apart: number) => [{ x: x - apart, y, id: 0 }, { x: x + apart, y, id: 1 }];
  const send = (type: "touchStart" | "touchMove" | "touchEnd", apart: number) =>
    touch.send("Input.dispatchTouchEvent", {
      type,
      touchPoints: type === "touchEnd" ? [] : fingers(apart),
    });
  await send("touchStart", 20);
  for (const apart of [30, 45, 60, 80]) await send("touchMove", apart);
  await send("touchEnd", 80);
}

const widthSeen = async (page: Page) =>
  Number((await page.locator(".plan svg").getAttribute("viewBox"))!.split(" ")[2]);

await testOfBrowser(
  "seats are chosen on the map by finger, and the wheel zooms",
  async (browser) => {
    const { page, faults } = await openPage(browser, run.base, {
      ...DESK,
      locale: "en",
      hasTouch: true,
    });
    await enter(page, "pointer");
    await page.locator(".dates a.main").nth(1).click();
    await page.locator(".seats.tier-3").waitFor({ state: "attached" });
    await page.locator(".plan").scrollIntoViewIfNeeded();
    await page.touchscreen.tap(...await placeOf(page, "tier-3"));
    await page.locator(".check").waitFor({ state: "attached" });
    await page.mouse.click(...await placeOf(page, "tier-4"));
    await page.locator(".check").nth(1).waitFor({ state: "attached" });
    const whole = await widthSeen(page);
    await page.mouse.move(...await placeOf(page, "tier-4"));
    await page.mouse.wheel(0, -400);
    await page.getByRole("button", { name: "Show all", disabled: false }).waitFor();
    assert.ok(await widthSeen(page) < whole);
    // A drag moves the map, and chooses nothing.
    const [x, y] = await placeOf(page, "tier-4");
    await page.mouse.down();
    await page.mouse.move(x - 60, y - 60, { steps: 4 });
    await page.mouse.up();
    assert.equal(await page.locator(".check").count(), 2);
    await page.mouse.wheel(0, 4000);
    await page.getByRole("button", { name: "Show all", disabled: true }).waitFor();
    await pinch(page, await placeOf(page, "tier-4"));
    await page.getByRole("button", { name: "Show all", disabled: false }).waitFor();
    assert.ok(await widthSeen(page) < whole);
    assert.equal(await page.locator(".check").count(), 2);
    await page.getByRole("button", { name: "Show all" }).click();
    await page.getByRole("button", { name: "Show all", disabled: true }).waitFor();
    assert.deepEqual(faults, []);
  },
);
