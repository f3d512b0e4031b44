import type { Clock } from "../../../src/ports/clock.ts";
import type { Carry } from "./platform.ts";
import type { Scheduler } from "./scheduler.ts";
import { type IdentityProvider, KEY_SET_URL } from "./sign_in.ts";
import { type Verifier, VERIFY_URL } from "./verifier.ts";
import type { Weather, Wires } from "./wires.ts";

export interface CarryOptions {
  readonly scheduler: Scheduler;
  readonly wires: Wires;
  readonly weather: Weather;
  readonly clock: Clock;
  readonly identity: IdentityProvider;
  readonly verifier: Verifier;
}

/** Carries requests to the identity provider, the verifier of challenges and the receivers. */
export function createCarry(
  { scheduler, wires, weather, clock, identity, verifier }: CarryOptions,
): Carry {
  const keySet = () =>
    scheduler.call({
      wire: wires["identity provider"],
      what: "the key set",
      isRepeated: false,
      act: async () => () => new Response(identity.keySet),
    });

  const verdict = (request: Request) =>
    scheduler.call({
      wire: wires.verifier,
      what: "a challenge",
      isRepeated: false,
      async act(work) {
        const { verdict, text } = await verifier.verdictOn(request);
        return () => {
          work.verdict = verdict;
          return new Response(text);
        };
      },
    });

  const webhook = () =>
    scheduler.call({
      wire: wires.receiver,
      what: "a webhook",
      isRepeated: false,
      async act() {
        if (clock() >= weather.hangUntilMs) return () => new Response("");
        await scheduler.pass(wires.receiver.deadlineMs);
        return () => {
          throw new DOMException("no answer in time", "TimeoutError");
        };
      },
    });

  return (request) => {
    switch (request.url) {
      case KEY_SET_URL:
        return keySet();
      case VERIFY_URL:
        return verdict(request);
      default:
        return webhook();
    }
  };
}
