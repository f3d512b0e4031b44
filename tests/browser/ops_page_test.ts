import { Buffer } from "node:buffer";
import assert from "node:assert/strict";
import { assertFits, openPage, testOfBrowser, violationsOf } from "../support/browser.ts";
import type { Run } from "../support/local_run.ts";
import {
  confirm,
  DESK,
  dialog,
  isDone,
  localInput,
  operatorCalls,
  PHONE,
  sellTo,
  show,
  signIn,
  startForOperators,
  TOKEN,
  WORDS,
} from "../support/operator_page.ts";

let run: Run;
Deno.test.beforeAll(async () => {
  run = await startForOperators();
});
Deno.test.afterAll(async () => {
  await run.stop("SIGTERM");
});

await testOfBrowser(
  "the operator's token is tried, kept in the tab alone, and forgotten",
  async (browser) => {
    const { page, faults } = await openPage(browser, run.base, { ...DESK, locale: "en-GB" });
    await page.goto("/ops");
    assert.deepEqual(await violationsOf(page), []);
    const { body } = await run.call("POST", "/dev/sign-in", { json: { userId: "ann" } });
    const wrong = ["a-token-of-nobody-for-browser-tests-0000", body.accessToken, "토큰 아님"];
    for (const token of wrong) {
      await page.fill("input[type=password]", token);
      await page.click("button[type=submit]");
      await page.waitForSelector(`[role=alert] >> text=${WORDS.tokenRefused}`);
      await page.reload();
      await page.waitForSelector("input[type=password]");
    }
    // The browser itself reports the refusals.
    assert.deepEqual(faults.filter((fault) => !fault.includes("401")), []);
    await signIn(page, TOKEN);
    const kept = await page.evaluate(
      `JSON.stringify([location.href, document.cookie, { ...localStorage }])`,
    );
    assert.doesNotMatch(kept as string, new RegExp(TOKEN));
    await page.reload();
    await page.waitForSelector("table");
    const other = await page.context().newPage();
    await other.goto("/ops");
    await other.waitForSelector("input[type=password]");
    // A token that is refused later is forgotten, too.
    await page.evaluate(`sessionStorage.setItem(
      "stanchion operator",
      JSON.stringify({ token: "another-token", role: "OPERATOR" }),
    )`);
    await page.reload();
    await page.waitForSelector("input[type=password]");
    await signIn(page, TOKEN);
    await page.click(`text=${WORDS.signOut}`);
    await page.waitForSelector("input[type=password]");
    assert.equal(await page.evaluate(`sessionStorage.length`), 0);
  },
);

await testOfBrowser("an operator runs a sale from the page", async (browser) => {
  const { page, faults } = await openPage(browser, run.base, { ...DESK, locale: "en-GB" });
  const { call } = operatorCalls(run.base, TOKEN);
  await signIn(page, TOKEN);

  // A sale, by a table with a fault first.
  await show(page, "concerts/new");
  await page.getByLabel(WORDS.concertTitle).fill("Night Train");
  await page.getByLabel(WORDS.concertAt, { exact: true }).fill(localInput(86_400_000));
  await page.getByLabel(WORDS.saleOpens).fill(localInput(-3_600_000));
  await page.getByLabel(WORDS.csvText).fill("section,row,label,price\nA,1,1,500\nA,1,2,free");
  await page.click(`text=${WORDS.putOnSaleButton}`);
  await confirm(page, null);
  // The dialog says it as the table behind does, and once.
  const fault = WORDS.atLine("3", "price");
  await page.waitForSelector(`${dialog} [role=alert] >> text=${fault}`);
  const said = await page.locator(`${dialog} [role=alert]`).textContent();
  assert.equal(said!.split("price").length, 2, said!);
  await page.keyboard.press("Escape");
  await page.waitForSelector(`.faults >> text=${WORDS.atLine("3", "price")}`);
  await page.waitForSelector(".plan .seats-B", { state: "attached" });
  // Another table, as older Korean Excel writes it.
  const section = [0xb0, 0xa1];
  const rows = [...new TextEncoder().encode("section,row,label,price\n"), ...section];
  const name = "seats.csv";
  const buffer = Buffer.from([...rows, ...new TextEncoder().encode(",1,1,500")]);
  await page.getByLabel(WORDS.csvFile).setInputFiles({ name, mimeType: "text/csv", buffer });
  await page.waitForSelector(`h3 >> text=${WORDS.preview("1")}`);
  assert.match(await page.getByLabel(WORDS.csvText).inputValue(), /^가,1,/m);
  assert.equal(await page.locator(".faults, .plan .seats-B").count(), 0);
  await page.getByLabel(WORDS.csvText).fill("");
  // Rows by the form are added one after another.
  await page.getByLabel(WORDS.price, { exact: true }).fill("500");
  await page.getByLabel(WORDS.rows, { exact: true }).fill("1");
  for (const seats of ["2", "1"]) {
    await page.getByLabel(WORDS.seatsPerRow).fill(seats);
    await page.click(`text=${WORDS.makeRows}`);
  }
  await page.waitForSelector(`h3 >> text=${WORDS.preview("3")}`);
  await page.getByLabel(WORDS.csvText).fill(
    "section,row,label,price\nA,1,1,500\nA,1,2,500\nA,1,3,500",
  );
  await page.click(`text=${WORDS.putOnSaleButton}`);
  await confirm(page, null);
  await isDone(page);
  assert.equal(await page.locator(`text=${WORDS.putOnSaleButton}`).isVisible(), false);
  assert.equal(
    await page.evaluate(`(() => {
    const { top, bottom } = document.activeElement.getBoundingClientRect();
    return document.activeElement.textContent + (top >= 0 && bottom <= innerHeight);
  })()`),
    `${WORDS.showConcert}true`,
  );
  await page.click(`text=${WORDS.showConcert}`);
  await page.waitForSelector("h1 >> text=Night Train");
  const concertId = Number(/concerts\/(\d+)/.exec(page.url())![1]);

  // A seat is blocked on the map, by its box and by the drawing.
  await page.click(`text=${WORDS.seatMap}`);
  await page.waitForSelector(".plan .seats-A", { state: "attached" });
  const scheduleId = Number(/seats\/(\d+)/.exec(page.url())![1]);
  await page.getByLabel(/^3 Available/).check();
  await page.click(`text=${WORDS.block}`);
  await confirm(page, "a camera stands there");
  await isDone(page);
  await page.getByLabel(/^3 Blocked/).waitFor();
  const seats = `/v1/admin/concerts/${concertId}/schedules/${scheduleId}/seats`;
  assert.equal((await call("GET", seats)).statuses, "AAB");

  // Two fans buy, and the operator finds the buyer of a seat.
  const codes = await sellTo(run.base, ["ann", "bob"], {
    concertId,
    scheduleId,
    seats: await call("GET", seats),
  });
  await page.reload();
  await page.getByLabel(/^1 Sold/).check();
  await page.waitForSelector(`h3 >> text=${WORDS.whoBought}`);
  await page.click(".table >> text=ann");
  await page.waitForSelector(`text=${WORDS.endCauses.PAID}`);
  await page.waitForSelector(`text=${WORDS.ledgerKinds.PAYMENT}`);

  // A refund of one payment.
  await page.click(`.table >> text=${WORDS.refund}`);
  await confirm(page, "the seat is broken");
  await isDone(page);
  await page.waitForSelector(`text=${WORDS.ledgerKinds.REFUND}`);

  // The door, by typing: let in once.
  await show(page, "door");
  for (const [code, found] of [[codes[1]!, WORDS.isIn], [codes[1]!, WORDS.wasIn("")]] as const) {
    await page.getByLabel(WORDS.code, { exact: true }).fill(code);
    await page.click(`button >> text=${WORDS.letIn}`);
    await page.waitForSelector(`.verdict >> text=${found}`);
  }

  // All payments that are left.
  await show(page, `concerts/${concertId}`);
  const download = page.waitForEvent("download");
  await page.click(`text=${WORDS.downloadCsv}`);
  const file = await (await download).path();
  assert.match(await Deno.readTextFile(file), /^\uFEFFpaymentId,.*\r\n(.*(ann|bob).*\r\n){2}$/);
  await page.click(`text=${WORDS.refundAll}`);
  await confirm(page, "the singer is ill");
  await page.click(`${dialog} >> text=${WORDS.yesReally}`);
  await page.waitForSelector("text=1 of 1 refunded");
  await show(page, "audit");
  const log = page.waitForEvent("download");
  await page.click(`text=${WORDS.downloadCsv}`);
  const lines = (await Deno.readTextFile(await (await log).path())).split("\r\n");
  assert.match(lines[0]!, /^\uFEFFat,operator,action,/);
  assert.match(lines[1]!, /,alex,CONCERT_REFUNDED,.*the singer is ill/);
  assert.deepEqual(faults.filter((fault) => !/40[09]/.test(fault)), []);
});

const VIEWS = [
  "rooms",
  "rooms/main",
  "rooms/gathering",
  "concerts",
  "concerts/1",
  "concerts/new",
  "concerts/1/seats/1",
  "fans/ann/main",
  "door",
  "audit",
];

await testOfBrowser(
  "every view of the operator's page is accessible, and fits a phone",
  async (browser) => {
    const { call } = operatorCalls(run.base, TOKEN);
    await call("POST", "/v1/admin/rooms", { room: "gathering", state: "LOBBY" });
    await sellTo(run.base, ["a", "b"], null, "gathering");
    await call("PATCH", "/v1/admin/rooms/gathering", { state: "OPEN", endLobby: true });
    const sizes = [[PHONE, "light", "ko-KR"], [DESK, "dark", "en-GB"]] as const;
    for (const [size, colorScheme, locale] of sizes) {
      const { page, faults } = await openPage(browser, run.base, { ...size, colorScheme, locale });
      await signIn(page, TOKEN);
      for (const view of VIEWS) {
        await show(page, view);
        await page.evaluate(
          `for (const part of document.querySelectorAll("details")) part.open = true`,
        );
        assert.deepEqual(await violationsOf(page), [], `${view} ${colorScheme}`);
        await assertFits(page);
      }
      assert.deepEqual(faults, []);
      await page.context().close();
    }
  },
);
