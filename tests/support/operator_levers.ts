import type { Page } from "playwright-core";
import { WORDS } from "./operator_page.ts";

/** What an operator can do to a room. */
export interface Lever {
  /** Chooses what is done, and asks for it. */
  readonly ask: (page: Page) => Promise<void>;
  /** What is said before it is done. */
  readonly says: string;
  readonly action: string;
  /** What came of it, where that is said. */
  readonly outcome?: string;
}

const stateLever = (state: keyof typeof WORDS.stateLever): Lever => ({
  ask: (page) => page.click(`text=${WORDS.stateLever[state]}`),
  says: WORDS.stateSays[state],
  action: "ROOM_CHANGED",
});

/** A value in a field, and Enter. */
const fieldLever = (label: string, value: string, says: string, action: string): Lever => ({
  async ask(page) {
    await page.getByLabel(label).fill(value);
    await page.keyboard.press("Enter");
  },
  says,
  action,
});

/** One after another, in a room `levers` of one slot with a fan inside, `b` and `c` in line. */
export const LEVERS: Readonly<Record<string, Lever>> = {
  "hold": stateLever("HELD"),
  "capacity": fieldLever(
    WORDS.capacityNow("1"),
    "2",
    WORDS.capacitySays("1", "2"),
    "ROOM_CHANGED",
  ),
  "rate while held": fieldLever(
    WORDS.rateNow(WORDS.noRate),
    "20",
    WORDS.nobodyYet,
    "ROOM_CHANGED",
  ),
  // Two are asked for, and one slot is free.
  "promote": {
    ...fieldLever(WORDS.promoteNow, "2", WORDS.promoteNumbers("2", "1"), "PROMOTED"),
    outcome: WORDS.admittedNow("1"),
  },
  "drain": stateLever("DRAINING"),
  "close": stateLever("CLOSED"),
  "open": stateLever("OPEN"),
  "rate": fieldLever(WORDS.rateNow("20"), "30", WORDS.waitsFollow, "ROOM_CHANGED"),
  "end one place": fieldLever(WORDS.endPlaceOf, "c", WORDS.endPlaceSays("levers"), "PLACE_ENDED"),
  "evict": {
    ask: (page) => page.click(`text=${WORDS.evict}`),
    says: WORDS.evictSays,
    action: "CACHES_EVICTED",
  },
  "times": {
    async ask(page) {
      await page.click(`text=${WORDS.moreSettings}`);
      await page.getByLabel(WORDS.durations.holdTtlSeconds).fill("240");
      await page.keyboard.press("Enter");
    },
    says: WORDS.becomes(WORDS.durations.holdTtlSeconds, "300 s", "240 s"),
    action: "ROOM_CHANGED",
  },
};
