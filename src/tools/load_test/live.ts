import type { Ending, Fan, Scene } from "./fan.ts";
import { shop, type ShopEnding } from "./shopping.ts";
import { Stopped } from "./stopper.ts";
import { leave, waitForTurn } from "./waiting.ts";

/** A first visit, one more for the greedy, and those after an admission that ran out. */
const MAX_VISITS = 3;

const ENDINGS = {
  "PAID": "bought",
  "SOLD OUT": "found it sold out",
  "GAVE UP": "gave up",
  "NOT ADMITTED": "lost the place",
  "WALKED AWAY": "walked away",
  "FAILED": "lost the server",
} as const satisfies Record<ShopEnding, Ending>;

async function visits(fan: Fan, scene: Scene): Promise<Ending> {
  let ending: Ending = "lost the place";
  let bought = false;
  for (let visit = 0; visit < MAX_VISITS; visit++) {
    const turn = await waitForTurn(fan, scene, visit === 0);
    if (turn === "were sold out in line") await leave(fan, scene);
    if (turn !== "ADMITTED") return bought ? "bought" : turn;
    const shopped = await shop(fan, scene, visit === 0);
    ending = ENDINGS[shopped];
    if (shopped === "NOT ADMITTED") continue;
    if (shopped === "WALKED AWAY") return ending;
    if (shopped === "PAID") fan.token = null; // paying ends the place
    else await leave(fan, scene);
    const wantsMore = shopped === "PAID" && fan.who.greedy && !bought;
    bought ||= shopped === "PAID";
    if (!wantsMore) break;
  }
  return bought ? "bought" : ending;
}

/** One fan's way through the sale, from arriving to the end. */
export async function live(fan: Fan, scene: Scene): Promise<Ending> {
  try {
    await scene.stopper.sleep(Math.max(0, fan.who.arrivesAfterMs - scene.headStartMs));
    return await visits(fan, scene);
  } catch (error) {
    if (error instanceof Stopped) return "unfinished";
    throw error;
  }
}
