import { Stopped } from "../api/stop_switch.ts";
import type { Ending, Fan, SaleContext } from "./fan.ts";
import { shop, type ShopEnding } from "./shopping.ts";
import { leaveQueue, waitForAdmission } from "./waiting.ts";

/** The first visit, one more of a greedy fan, and those after an admission that ended. */
const MAX_VISITS = 3;

const ENDINGS = {
  "PAID": "bought",
  "SOLD OUT": "found no seat left",
  "GAVE UP": "gave up",
  "NOT ADMITTED": "lost the place",
  "WALKED AWAY": "walked away",
  "REFUSED": "were refused",
} as const satisfies Record<ShopEnding, Ending>;

async function runVisits(fan: Fan, context: SaleContext): Promise<Ending> {
  let ending: Ending = "lost the place";
  let bought = false;
  for (let visit = 0; visit < MAX_VISITS; visit++) {
    const isFirst = visit === 0;
    fan.activity = "waiting in the queue";
    const turn = await waitForAdmission(fan, context, isFirst);
    if (turn === "left the queue after SOLD_OUT") await leaveQueue(fan, context);
    if (turn !== "ADMITTED") return bought ? "bought" : turn;
    fan.activity = "shopping";
    const shopEnding = await shop(fan, context, isFirst);
    ending = ENDINGS[shopEnding];
    if (shopEnding === "NOT ADMITTED") continue;
    if (shopEnding === "WALKED AWAY") return ending;
    // A payment ends the place.
    if (shopEnding === "PAID") fan.queueToken = null;
    else await leaveQueue(fan, context);
    const wantsMore = shopEnding === "PAID" && fan.traits.greedy && !bought;
    bought ||= shopEnding === "PAID";
    if (!wantsMore) break;
  }
  return bought ? "bought" : ending;
}

/** Runs one fan from the arrival to the end. A fan who is stopped did not finish. */
export async function runFanSession(fan: Fan, context: SaleContext): Promise<Ending> {
  try {
    await context.stopSwitch.sleep(Math.max(0, fan.traits.arrivesAfterMs - context.roomAgeMs));
    return await runVisits(fan, context);
  } catch (error) {
    if (!(error instanceof Stopped)) throw error;
    context.observations.unfinished.push(error.waitedFor || fan.activity);
    return "did not finish";
  }
}
