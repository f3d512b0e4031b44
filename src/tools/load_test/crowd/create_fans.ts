import type { Fan } from "./fan.ts";
import { createDecisionStream, createFanTraits, type CrowdSettings } from "./fan_traits.ts";
import { createPurchaseLog } from "./purchase_log.ts";
import type { SignIn } from "./sign_in.ts";

/** The name of the room separates the users of one rush from those of another. */
export function createFans(settings: CrowdSettings, room: string, signIn: SignIn): Promise<Fan[]> {
  const numbers = Array.from({ length: settings.fans }, (_, index) => index);
  return Promise.all(numbers.map(async (number): Promise<Fan> => {
    const userId = `${room}-${number}`;
    return {
      number,
      userId,
      traits: createFanTraits(number, settings),
      random: createDecisionStream(number, settings.seed),
      log: createPurchaseLog(userId),
      bearer: await signIn(userId),
      keys: 0,
      queueToken: null,
      places: 0,
      activity: "arriving",
    };
  }));
}
