import { deepEqual } from "node:assert/strict";
import { canonicalTimeZone } from "../../src/domain/time_zone.ts";

Deno.test("`canonicalTimeZone()` gives the canonical spelling", () => {
  const spelled: Record<string, string> = {
    "Asia/Seoul": "Asia/Seoul",
    "asia/seoul": "Asia/Seoul",
    "AMERICA/PORT-AU-PRINCE": "America/Port-au-Prince",
    "utc": "UTC",
  };
  for (const [name, zone] of Object.entries(spelled)) deepEqual(canonicalTimeZone(name), zone);
  for (const zone of Intl.supportedValuesOf("timeZone")) {
    deepEqual([zone, zone.toLowerCase(), zone.toUpperCase()].map(canonicalTimeZone), [
      zone,
      zone,
      zone,
    ]);
  }
});

Deno.test("`canonicalTimeZone()` takes links as they are spelled, and refuses them otherwise", () => {
  const composed = ["Brazil/DeNoronha", "Chile/EasterIsland", "America/Argentina/ComodRivadavia"];
  const plain = ["Asia/Kolkata", "Europe/Kyiv", "US/Pacific", "Etc/UTC", "GMT", "EST5EDT"];
  const links = [...plain, ...composed];
  deepEqual(links.map(canonicalTimeZone), links);
  deepEqual(links.map((link) => canonicalTimeZone(link.toLowerCase())), links.map(() => null));
  deepEqual(["ASIA/KOLKATA", "ETC/UTC", "AsIa/Kolkata"].map(canonicalTimeZone), [null, null, null]);
});

Deno.test("`canonicalTimeZone()` refuses offsets and names of nothing", () => {
  const names = ["", "+09:00", "-03", "Mars/Olympus", "Asia/Seoul ", "KST", "Asia/"];
  deepEqual(names.map(canonicalTimeZone), names.map(() => null));
});
