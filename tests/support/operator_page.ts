import type { Page } from "playwright-core";
import { opsOffice } from "../../src/pages/words/en/ops_office.ts";
import { opsRooms } from "../../src/pages/words/en/ops_rooms.ts";
import { type Run, start } from "./local_run.ts";

/** The sizes of a browser, and the credentials and the server of the tests of `/ops`. */
export const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };
export const DESK = { viewport: { width: 1280, height: 900 } };
export const TOKEN = "a-token-of-an-operator-for-browser-tests";
export const DOOR_TOKEN = "a-token-of-a-door-for-browser-tests-00000";
export const WORDS = { ...opsRooms, ...opsOffice };

export function startForOperators(): Promise<Run> {
  return start({ ADMIN_TOKEN: `alex:${TOKEN}`, DOOR_TOKEN: `gate:${DOOR_TOKEN}` });
}

/** Signs in at `/ops`, and waits for the first view. */
export async function signIn(page: Page, token: string): Promise<void> {
  await page.goto("/ops");
  await page.fill("input[type=password]", token);
  await page.click("button[type=submit]");
  await page.waitForSelector("table");
}

/** Goes to a view; the page is not loaded again. */
export async function show(page: Page, view: string): Promise<void> {
  await page.evaluate(
    (hash) => void ((globalThis as { location?: { hash: string } }).location!.hash = hash),
    `#/${view}`,
  );
  await page.waitForSelector("h1");
  await page.waitForSelector(".wait-dots", { state: "detached" });
}

export const dialog = "dialog[open]";

/** Confirms the act that is shown, with a reason where one is asked for. */
export async function confirm(page: Page, reason: string | null): Promise<void> {
  if (reason !== null) await page.fill(`${dialog} input:not([type=checkbox])`, reason);
  await page.click(`${dialog} button[type=submit]`);
}

export const isDone = (page: Page) => page.waitForSelector(".notice.good");

/** Where the first seat of a status is drawn on the map of seats, in pixels of the window. */
export async function firstSeatOnMap(
  page: Page,
  letter: string,
): Promise<{ x: number; y: number }> {
  await page.locator(".plan").scrollIntoViewIfNeeded();
  return await page.evaluate(`(() => {
    const path = document.querySelector(".plan .seats-${letter}");
    const [, x, y] = /M([\\d.]+) ([\\d.]+)/.exec(path.getAttribute("d"));
    const at = new DOMPoint(Number(x), Number(y)).matrixTransform(path.getScreenCTM());
    return { x: at.x, y: at.y };
  })()`);
}

/**
 * A camera that shows nothing, and a detector that reads what the page's `codes` has. Both are
 * there before the page begins.
 */
export async function giveFakeCamera(page: Page): Promise<void> {
  await page.addInitScript(`
    globalThis.codes = [];
    globalThis.stopped = 0;
    globalThis.BarcodeDetector = class {
      async detect() {
        return globalThis.codes.map((rawValue) => ({ rawValue }));
      }
    };
    navigator.mediaDevices.getUserMedia = async () => {
      const canvas = document.createElement("canvas");
      canvas.getContext("2d").fillRect(0, 0, 9, 9);
      const stream = canvas.captureStream(5);
      for (const track of stream.getTracks()) {
        const stop = track.stop.bind(track);
        track.stop = () => (globalThis.stopped++, stop());
      }
      return stream;
    };
  `);
}

/** A local time as a field of a form has it. */
export function localInput(inMs: number): string {
  const at = new Date(Date.now() + inMs);
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

/** Calls of the API beside the page; each must succeed. */
export function operatorCalls(base: string, token: string) {
  return {
    // deno-lint-ignore no-explicit-any -- The bodies are those of the routes.
    async call(method: string, path: string, json?: unknown): Promise<any> {
      return await send(base, method, path, json, { Authorization: `Bearer ${token}` });
    },
  };
}

async function send(
  base: string,
  method: string,
  path: string,
  json: unknown,
  headers: Record<string, string>,
) {
  const answer = await fetch(base + path, {
    method,
    headers: { ...headers, ...json !== undefined && { "Content-Type": "application/json" } },
    ...json !== undefined && { body: JSON.stringify(json) },
  });
  if (!answer.ok) throw new Error(`${method} ${path}: ${await answer.text()}`);
  return await answer.json();
}

interface OnSale {
  readonly concertId: number;
  readonly scheduleId: number;
  readonly seats: { readonly seats: readonly (readonly [seatId: number])[] };
}

/** Each fan joins, and buys one seat where there is a sale; the codes of their tickets. */
export async function sellTo(
  base: string,
  fans: readonly string[],
  sale: OnSale | null,
  room = "main",
): Promise<string[]> {
  const codes: string[] = [];
  for (const [index, userId] of fans.entries()) {
    const { accessToken } = await send(base, "POST", "/dev/sign-in", { userId }, {});
    const fan = { Authorization: `Bearer ${accessToken}` };
    const { token } = await send(base, "POST", "/v1/queue/tokens", { room }, fan);
    if (!sale) continue;
    const key = (name: string) => ({ ...fan, "Idempotency-Key": `${userId}-${name}` });
    await send(base, "POST", "/v1/balance/charges", { amount: 1_000_000 }, key("charge"));
    const { concertId, scheduleId, seats } = sale;
    const held = await send(base, "POST", "/v1/reservations", {
      concertId,
      scheduleId,
      seatIds: [seats.seats[index]![0]],
    }, { ...fan, "Queue-Token": token });
    const reservationIds = held.reservations.map((one: { reservationId: string }) =>
      one.reservationId
    );
    await send(base, "POST", "/v1/payments", { reservationIds }, key("pay"));
    const { items } = await send(base, "GET", "/v1/tickets", undefined, fan);
    codes.push(items[0].code);
  }
  return codes;
}
