import { deepEqual, equal, ok } from "node:assert/strict";
import { type Alert, readAlerts } from "./alerts.ts";
import type { Drill } from "./drill.ts";
import { OFFICE_DRILLS } from "./office_drills.ts";
import { ROOM_DRILLS } from "./room_drills.ts";
import { STORE_DRILLS } from "./store_drills.ts";
import { openWatchedBox } from "./watched_box.ts";
import { openTestDatabase } from "../support/embedded_database.ts";

const DRILLS: Readonly<Record<string, Drill>> = {
  ...STORE_DRILLS,
  ...ROOM_DRILLS,
  ...OFFICE_DRILLS,
};
/** So much longer than its own time the alert is quiet before anything breaks. */
const QUIET_MINUTES = 3;
const MINUTE_MS = 60_000;

const database = await openTestDatabase();
Deno.test.afterAll(() => database.close());
const alerts = await readAlerts();

/** Within how many minutes the alert is as wanted; null if it is not within `most`. */
async function minutesUntil(most: number, isSo: () => boolean, minute: () => Promise<void>) {
  for (let passed = 1; passed <= most; passed++) {
    await minute();
    if (isSo()) return passed;
  }
  return null;
}

async function walk(alert: Alert, { settings, prepare }: Drill): Promise<void> {
  const watched = openWatchedBox(database.sql, settings);
  const play = await prepare(watched);
  const minute = () => watched.minute(play.inEach, play.partsOfMinute);
  await watched.scrape();
  for (let passed = 0; passed < alert.forMs / MINUTE_MS + QUIET_MINUTES; passed++) {
    await minute();
    equal(watched.fires(alert), false, "it fires before anything broke");
  }
  await play.break();
  const broken = await minutesUntil(play.firesWithin, () => watched.fires(alert), minute);
  ok(broken !== null, "it does not fire");
  await play.turn();
  const healed = await minutesUntil(play.healsWithin, () => !watched.fires(alert), minute);
  ok(healed !== null, "it does not heal");
  await play.clean?.();
  console.log(`${alert.name}: fires after ${broken} min, quiet ${healed} min after the lever`);
}

Deno.test("each alert has a drill", () => {
  deepEqual(Object.keys(DRILLS).sort(), alerts.map(({ name }) => name).sort());
});

for (const alert of alerts) {
  const drill = DRILLS[alert.name];
  if (!drill) continue;
  Deno.test(`drill: ${alert.name} fires when it must, and heals`, () => walk(alert, drill));
}
