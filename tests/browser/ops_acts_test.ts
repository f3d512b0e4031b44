import assert from "node:assert/strict";
import { openPage, testOfBrowser, violationsOf } from "../support/browser.ts";
import { type Run, signIn as signInFan } from "../support/local_run.ts";
import { LEVERS } from "../support/operator_levers.ts";
import {
  confirm,
  DESK,
  dialog,
  DOOR_TOKEN,
  firstSeatOnMap,
  giveFakeCamera,
  isDone,
  operatorCalls,
  PHONE,
  sellTo,
  show,
  signIn,
  startForOperators,
  TOKEN,
  WORDS,
} from "../support/operator_page.ts";

/** Of the demo sale. */
const SEATS = "/v1/admin/concerts/1/schedules/1/seats";

let run: Run;
Deno.test.beforeAll(async () => {
  run = await startForOperators();
});
Deno.test.afterAll(async () => {
  await run.stop("SIGTERM");
});

await testOfBrowser(
  "levers say what they do, ask for a reason, and ask twice before a lobby ends",
  async (browser) => {
    const { page, faults } = await openPage(browser, run.base, { ...DESK, locale: "en-GB" });
    const { call } = operatorCalls(run.base, TOKEN);
    await call("POST", "/v1/admin/rooms", { room: "gathering", state: "LOBBY" });
    for (const fan of ["a", "b", "c"]) await sellTo(run.base, [fan], null, "gathering");
    await signIn(page, TOKEN);
    await show(page, "rooms/gathering");
    await page.waitForSelector(`a >> text=${run.base}/line?room=gathering`);
    // Support begins with the room that was looked at.
    await show(page, "fans");
    assert.equal(await page.getByLabel(WORDS.room).inputValue(), "gathering");
    await show(page, "rooms/gathering");
    const stateOf = async () => (await call("GET", "/v1/admin/rooms/gathering")).state;
    await page.click(`text=${WORDS.stateLever.OPEN}`);
    await page.waitForSelector(`${dialog} >> text=${WORDS.endsLobbySays("3")}`);
    // Without a reason nothing happens.
    await page.click(`${dialog} button[type=submit]`);
    await page.fill(`${dialog} input:not([type=checkbox])`, "the doors open");
    await page.keyboard.press("Enter");
    await page.waitForSelector(`${dialog} >> text=${WORDS.endsLobbyTwice("3")}`);
    // Another Enter is no answer to the second question.
    await page.keyboard.press("Enter");
    await page.waitForSelector(dialog, { state: "detached" });
    assert.equal(await stateOf(), "LOBBY");
    await page.click(`text=${WORDS.stateLever.OPEN}`);
    await confirm(page, "the doors open");
    await page.waitForSelector(`${dialog} >> text=${WORDS.endsLobbyTwice("3")}`);
    assert.equal(await stateOf(), "LOBBY");
    assert.deepEqual(await violationsOf(page), []);
    await page.click(`${dialog} >> text=${WORDS.yesReally}`);
    await isDone(page);
    assert.equal(await stateOf(), "OPEN");

    // The draw is checked by the browser alone.
    await page.click(`text=${WORDS.checkDraw}`);
    await page.waitForSelector(`text=${WORDS.drawIsRight("3")}`);

    await page.click(`text=${WORDS.stateLever.HELD}`);
    await page.waitForSelector(dialog);
    await page.keyboard.press("Escape");
    assert.equal(await stateOf(), "OPEN");
    await page.getByLabel(WORDS.capacityNow("1,000")).fill("7");
    await page.keyboard.press("Enter");
    await confirm(page, "fewer at once");
    await isDone(page);
    assert.equal((await call("GET", "/v1/admin/rooms/gathering")).capacity, 7);
    const { items } = await call("GET", "/v1/admin/audit?room=gathering&limit=2");
    assert.deepEqual(items.map(({ reason }: { reason: string }) => reason), [
      "fewer at once",
      "the doors open",
    ]);
    assert.deepEqual(faults, []);
  },
);

await testOfBrowser(
  "each lever says what it will do, asks for a reason, and does it",
  async (browser) => {
    const { page, faults } = await openPage(browser, run.base, { ...DESK, locale: "en-GB" });
    const { call } = operatorCalls(run.base, TOKEN);
    await call("POST", "/v1/admin/rooms", { room: "levers", state: "OPEN", capacity: 1 });
    for (const fan of ["a", "b", "c"]) await sellTo(run.base, [fan], null, "levers");
    await signIn(page, TOKEN);
    await show(page, "rooms/levers");
    for (const [name, { ask, says, action, outcome = "" }] of Object.entries(LEVERS)) {
      await ask(page);
      await page.waitForSelector(`${dialog} >> text=${says}`);
      await confirm(page, `because of ${name}`);
      await page.waitForSelector(`.notice.good >> text=${outcome}`);
      const { items } = await call("GET", "/v1/admin/audit?limit=1");
      assert.deepEqual([name, items[0].reason, items[0].action, items[0].operator], [
        name,
        `because of ${name}`,
        action,
        "alex",
      ]);
    }
    const room = await call("GET", "/v1/admin/rooms/levers");
    assert.deepEqual([room.state, room.admissionsPerMinute, room.holdTtlSeconds], [
      "OPEN",
      30,
      240,
    ]);
    assert.deepEqual(faults, []);
  },
);

await testOfBrowser(
  "seats are chosen on the map by mouse and by finger, blocked, and priced",
  async (browser) => {
    const { call } = operatorCalls(run.base, TOKEN);
    for (const size of [DESK, PHONE]) {
      const { page, faults } = await openPage(browser, run.base, { ...size, locale: "en-GB" });
      await signIn(page, TOKEN);
      await show(page, "concerts/1/seats/1");
      await page.waitForSelector(".plan .seats-A", { state: "attached" });
      const { x, y } = await firstSeatOnMap(page, "A");
      if (size === PHONE) await page.touchscreen.tap(x, y);
      else await page.mouse.click(x, y);
      await page.waitForSelector(".boxes input:checked");
      assert.equal(await page.locator(".boxes input:checked").count(), 1);
      const before: string = (await call("GET", SEATS)).statuses;
      await page.click(`text=${WORDS.block}`);
      await confirm(page, "a camera stands there");
      await isDone(page);
      const blocked: string = (await call("GET", SEATS)).statuses;
      const expected = before.replace("A", "B");
      assert.deepEqual([blocked, expected !== before], [expected, true]);
      assert.deepEqual(faults, []);
      await page.context().close();
    }
    const { page } = await openPage(browser, run.base, { ...DESK, locale: "en-GB" });
    await signIn(page, TOKEN);
    await show(page, "concerts/1/seats/1");
    await page.click(`text=${WORDS.wholeRow}`);
    await page.click(`text=${WORDS.freeSome("2")}`);
    await confirm(page, "the camera is gone");
    await page.waitForSelector(`.notice.good >> text=${WORDS.freeSeats("2")}`);
    await page.click(`text=${WORDS.wholeRow}`);
    await page.getByLabel(WORDS.newPrice).fill("99000");
    await page.keyboard.press("Enter");
    await page.waitForSelector(`${dialog} >> text=${WORDS.priceTitle("10", "₩99,000")}`);
    await confirm(page, "a better price");
    await page.waitForSelector(`.notice.good >> text=₩99,000`);
    const { seats, columns, statuses } = await call("GET", SEATS);
    const prices = seats.map((seat: unknown[]) => seat[columns.indexOf("price")]);
    assert.deepEqual(prices.slice(0, 11), [...Array(10).fill(99_000), 120_000]);
    assert.equal(statuses, "A".repeat(40));
  },
);

await testOfBrowser(
  "a concert and its dates are changed, and each change is said before",
  async (browser) => {
    const { page, faults } = await openPage(browser, run.base, { ...DESK, locale: "en-GB" });
    const { call } = operatorCalls(run.base, TOKEN);
    await signIn(page, TOKEN);
    await show(page, "concerts/1");
    await page.click(`text=${WORDS.changeConcert}`);
    const form = page.locator("details[open]");
    await form.getByLabel(WORDS.venue, { exact: true }).fill("Harbour Hall 2");
    await form.locator("button").click();
    const said = WORDS.becomes(WORDS.venue, "Harbour Hall", "Harbour Hall 2");
    await page.waitForSelector(`${dialog} >> text=${said}`);
    await confirm(page, "the roof leaks");
    await isDone(page);
    await page.click(`text=${WORDS.changeDate} >> nth=1`);
    await page.locator("details[open]").getByLabel(WORDS.refundUntil).fill("2030-01-01T12:00");
    await page.keyboard.press("Enter");
    await page.waitForSelector(`${dialog} >> text=${WORDS.refundUntil}: ${WORDS.never} →`);
    await confirm(page, "as promised");
    await page.waitForSelector(`.notice.good >> text=${WORDS.changeDate}`);
    const { venue, title, schedules } = await call("GET", "/v1/admin/concerts/1");
    assert.deepEqual([venue, title], ["Harbour Hall 2", "Night Train"]);
    assert.deepEqual([schedules[0].refundUntil, schedules[1].refundUntil?.slice(0, 4)], [
      null,
      "2030",
    ]);
    assert.deepEqual(faults, []);
  },
);

await testOfBrowser(
  "a door's token checks tickets in by the camera, and opens nothing else",
  async (browser) => {
    const { call } = operatorCalls(run.base, TOKEN);
    const sale = { concertId: 1, scheduleId: 1, seats: await call("GET", SEATS) };
    const [code] = await sellTo(run.base, ["dora"], sale);
    const { page, faults } = await openPage(browser, run.base, { ...PHONE, locale: "en-GB" });
    await giveFakeCamera(page);
    await page.goto("/ops#/door/1");
    await page.fill("input[type=password]", DOOR_TOKEN);
    await page.click("button[type=submit]");
    await page.waitForSelector(`h1 >> text=${WORDS.views.door}`);
    assert.equal(await page.locator("nav a").count(), 0);
    assert.equal(await page.getByLabel(WORDS.date).inputValue(), "1");
    assert.deepEqual(await violationsOf(page), []);
    // The answer to the first scan is lost. The next try is the same scan, not a second entry.
    await page.route("**/v1/admin/checkins", async (route) => {
      await route.fetch();
      await route.abort();
    }, { times: 1 });
    await page.click(`text=${WORDS.startCamera}`);
    await page.evaluate(`codes = ${JSON.stringify([code])}`);
    await page.waitForSelector(`.verdict >> text=${WORDS.isIn}`);
    // The same code in the picture is not sent again and again.
    await page.waitForTimeout(700);
    await page.waitForSelector(`text=${WORDS.letInHere("1")}`);
    await page.evaluate(`codes = ["no code"]`);
    await page.waitForSelector(`.verdict >> text=${WORDS.isNotIn}`);
    await page.click(`text=${WORDS.stopCamera}`);
    await page.waitForSelector("video", { state: "hidden" });
    await page.waitForTimeout(100);
    assert.equal(await page.evaluate(`stopped`), 1);
    const { items } = await call("GET", "/v1/admin/fans/dora").then(({ tickets }) => ({
      items: tickets,
    }));
    assert.deepEqual([items[0].status, items[0].door], ["CHECKED_IN", "gate"]);
    await page.evaluate(`location.hash = "#/rooms"`);
    await page.waitForSelector(`h1 >> text=${WORDS.views.door}`);
    assert.deepEqual(faults.filter((fault) => !/40[01]|ERR_FAILED/.test(fault)), []);
  },
);

await testOfBrowser(
  "the page shows the last hour, the concerts and what was refused",
  async (browser) => {
    const { page, faults } = await openPage(browser, run.base, { ...DESK, locale: "en-GB" });
    const { call } = operatorCalls(run.base, TOKEN);
    const fan = await signInFan(run, "late");
    await run.call("POST", "/v1/queue/tokens", { user: fan });
    await call("POST", "/v1/admin/queue/promotions", {});
    await run.call("GET", "/v1/concerts", { user: fan, place: "x.y.z" });
    await signIn(page, TOKEN);
    await show(page, "rooms/main");
    const legend = (chart: string, text: string) =>
      page.waitForSelector(`.chart:has-text("${chart}") li:has-text("${text}")`);
    await legend(WORDS.chartLine, `${WORDS.admitted}: 1`);
    await legend(WORDS.chartSales, `${WORDS.sales}: 1`);
    await legend(WORDS.chartMoney, `${WORDS.money}: ₩`);
    const { items } = await call("GET", "/v1/admin/concerts?room=main");
    const left = items.flatMap(({ schedules }: { schedules: { seatsLeft: number }[] }) => schedules)
      .reduce((sum: number, { seatsLeft }: { seatsLeft: number }) => sum + seatsLeft, 0);
    await legend(WORDS.seatsLeft, `${WORDS.seatsLeft}: ${left}`);
    await legend(WORDS.chartLatency, "PostgreSQL: ");
    await page.waitForSelector(`dl:has-text("QUEUE_TOKEN_INVALID")`);
    await page.waitForSelector(`.table >> text=Night Train`);
    // Who joins is told a wait in an open room, and none in a held one.
    await page.route("**/rooms/main/history", async (route) => {
      const answer = await route.fetch();
      const { line, ...more } = await answer.json();
      const told = line.map((moment: object) => ({
        ...moment,
        estimatedWait: { low: 60, middle: 90, high: 120 },
      }));
      await route.fulfill({ response: answer, json: { ...more, line: told } });
    });
    await page.reload();
    await page.waitForSelector(`dt >> text=${WORDS.waitOfJoiners}`);
    await call("PATCH", "/v1/admin/rooms/main", { state: "HELD" });
    await page.waitForSelector(`text=${WORDS.stateSays.HELD}`);
    assert.equal(await page.locator(`dt >> text=${WORDS.waitOfJoiners}`).count(), 0);
    await call("PATCH", "/v1/admin/rooms/main", { state: "OPEN" });
    assert.deepEqual(faults, []);
  },
);
