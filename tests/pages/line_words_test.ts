import assert from "node:assert/strict";
import type { WaitingLine } from "@stanchion/client";
import { shareGone } from "../../src/pages/line/progress.ts";
import { LINE_WORDS, waitText } from "../../src/pages/line/words.ts";
import { seatName } from "../../src/pages/shared/seat_name.ts";
import { shop as shopKo } from "../../src/pages/words/ko/shop.ts";
import { learnServerTime, serverNow } from "../../src/pages/shared/server_clock.ts";
import { everyPage } from "../../src/pages/shared/every_page.ts";

Deno.test("a wait is told as a range, in minutes or in hours", () => {
  const tell = (low: number, high: number) => waitText(LINE_WORDS.en, "en", { low, high });
  assert.equal(tell(5, 59), "less than a minute");
  assert.equal(tell(20, 100), "up to 2 min");
  assert.equal(tell(130, 290), "2–5 min");
  assert.equal(tell(60, 60), "1 min");
  assert.equal(tell(3_240, 50_000), "54 min – 14 h");
  assert.equal(tell(7_200, 9_000), "2–3 h");
  assert.equal(waitText(LINE_WORDS.ko, "ko", { low: 130, high: 290 }), "2–5분");
});

Deno.test("a name that has its unit gets no second one in Korean", () => {
  const nameOf = (section: string, row: string, label: string) =>
    seatName(shopKo, { section, row, label });
  assert.equal(nameOf("Stalls", "A", "3"), "Stalls A열 3번");
  assert.equal(nameOf("R석", "1열", "5번"), "R석 1열 5번");
});

Deno.test("the bar of the line never runs backwards", () => {
  const at = (ahead: number | null) => shareGone("room", { ticket: 7, ahead } as WaitingLine);
  const shares = [at(100), at(60), at(80), at(null), at(150), at(10), at(0)];
  assert.equal(shares[0], 0);
  assert.equal(shares.at(-1), 1);
  assert.deepEqual(shares, shares.toSorted((a, b) => a - b));
  // Another place begins anew.
  assert.equal(shareGone("room", { ticket: 8, ahead: 30 } as WaitingLine), 0);
  sessionStorage.clear();
});

Deno.test("everyPage() reads to the end, and stops at a refusal", async () => {
  const asked: (string | undefined)[] = [];
  const whole = await everyPage<number>(({ cursor }) => {
    asked.push(cursor);
    const nextCursor = asked.length < 3 ? `c${asked.length}` : null;
    return Promise.resolve({ data: { items: [asked.length], nextCursor } });
  });
  assert.deepEqual([whole.data, asked], [[1, 2, 3], [undefined, "c1", "c2"]]);
  const error = { code: "RATE_LIMITED" };
  assert.deepEqual(await everyPage(() => Promise.resolve({ error })), { error });
});

Deno.test("the time is that of the server, where the clock of the device is wrong", () => {
  const differs = () => Math.round((serverNow() - Date.now()) / 1000);
  learnServerTime(new Date(Date.now() + 600_000).toUTCString());
  assert.ok(Math.abs(differs() - 600) <= 1);
  learnServerTime(null);
  assert.ok(Math.abs(differs() - 600) <= 1);
  learnServerTime(new Date(Date.now() - 500).toUTCString());
  assert.equal(differs(), 0);
});
