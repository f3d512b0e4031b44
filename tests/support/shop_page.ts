import type { Page } from "playwright-core";
import { type Run, signIn } from "./local_run.ts";

/** From the programme into the shop. */
export async function enter(page: Page, name: string): Promise<void> {
  await page.goto("/");
  await page.locator(".concert a.main").first().click();
  await page.locator("input[name=userId], input[name=name]").first().fill(name);
  await page.keyboard.press("Enter");
  await page.locator(".dates a.main").first().waitFor();
}

/** Chooses so many free seats from the list of the first date, and holds them. */
export async function hold(page: Page, seats: number): Promise<void> {
  await page.locator(".dates a.main").first().click();
  await page.locator(".list summary").first().click();
  for (let index = 0; index < seats; index++) {
    await page.locator('.list-seats button[aria-pressed="false"]').first().click();
  }
  await page.locator(".tray button").click();
  await page.locator(".countdown").waitFor();
}

export async function topUp(page: Page): Promise<void> {
  await page.locator("main button.main").click();
  await page.locator(".notice.warn").waitFor({ state: "detached" });
}

export async function paymentsOf(run: Run, name: string): Promise<{ status: string }[]> {
  const user = await signIn(run, name);
  return (await run.call("GET", "/v1/payments", { user })).body.items;
}
