import type { Page } from "playwright-core";

export interface OpsScene {
  readonly admin: string;
  /** A room with a line. */
  readonly room: string;
  readonly lobby: string;
  readonly concertId: number;
  readonly scheduleId: number;
  readonly fan: string;
}

export type Shoot = (page: Page, name: string, fullPage?: boolean) => Promise<void>;

/** A table with a fault in its fourth line. */
const TABLE = "section,row,label,price\nFloor,A,1,90000\nFloor,A,2,90000\nFloor,A,3,free\n" +
  "Floor,B,1,70000\nFloor,B,2,70000\nFloor,B,3,70000";

async function show(page: Page, hash: string): Promise<void> {
  await page.goto(`/ops#/${hash}`);
  await page.locator("h1").waitFor();
  await page.locator(".wait-dots").waitFor({ state: "detached" });
  // What comes after the first answer.
  await page.waitForTimeout(500);
}

/** The lobby is asked about twice; nothing is done. */
async function shootDialog(page: Page, look: string, shoot: Shoot): Promise<void> {
  await page.locator("section[aria-labelledby=levers] button.main").click();
  await shoot(page, `${look}-ops-dialog`, false);
  await page.locator("dialog input").fill("doors");
  await page.keyboard.press("Enter");
  await page.locator("dialog .notice.bad").waitFor();
  await shoot(page, `${look}-ops-dialog-twice`, false);
  await page.keyboard.press("Escape");
}

async function shootSeats(page: Page, look: string, scene: OpsScene, shoot: Shoot): Promise<void> {
  await show(page, `concerts/${scene.concertId}/seats/${scene.scheduleId}`);
  await page.locator(".plan path.seats").first().waitFor({ state: "attached" });
  for (const box of [0, 1]) await page.locator(".boxes input").nth(box).check();
  await shoot(page, `${look}-ops-seats`);
}

async function shootNewConcert(page: Page, look: string, shoot: Shoot): Promise<void> {
  await show(page, "concerts/new");
  await page.locator("fieldset input[maxlength='200']").first().fill("Night Train");
  const times = page.locator("input[type=datetime-local]");
  await times.nth(0).fill("2030-05-01T19:00");
  await times.nth(1).fill("2030-04-01T10:00");
  await page.locator("textarea").last().fill(TABLE);
  await page.locator("button[type=submit]").click();
  await page.locator("dialog button[type=submit]").click();
  await page.locator("dialog [role=alert]").waitFor();
  await page.keyboard.press("Escape");
  await shoot(page, `${look}-ops-new-concert`);
}

/** Pictures of the operator's page, all views. */
export async function shootOps(page: Page, look: string, scene: OpsScene, shoot: Shoot) {
  await page.goto("/ops");
  await page.locator("input[type=password]").waitFor();
  await shoot(page, `${look}-ops-sign-in`, false);
  await page.locator("input[type=password]").fill(scene.admin);
  await page.keyboard.press("Enter");
  await page.locator("table").waitFor();
  const views = {
    rooms: "rooms",
    room: `rooms/${scene.room}`,
    concerts: "concerts",
    concert: `concerts/${scene.concertId}`,
    fan: `fans/${encodeURIComponent(scene.fan)}/${scene.room}`,
    audit: "audit",
  };
  for (const [name, hash] of Object.entries(views)) {
    await show(page, hash);
    await shoot(page, `${look}-ops-${name}`);
  }
  await shootSeats(page, look, scene, shoot);
  await shootNewConcert(page, look, shoot);
  await show(page, `rooms/${scene.lobby}`);
  await shootDialog(page, look, shoot);
  await show(page, `door/${scene.scheduleId}`);
  await page.locator("form input").fill("not a code");
  await page.keyboard.press("Enter");
  await page.locator(".verdict").waitFor();
  await shoot(page, `${look}-ops-door`);
}
