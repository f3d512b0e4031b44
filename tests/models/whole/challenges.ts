import type { Witness } from "../line/witness.ts";
import type { Fan } from "./fans.ts";
import type { Work } from "./scheduler.ts";
import type { Received, World } from "./world.ts";

/** Of the fans who are asked for a challenge, and of those who are not, so many bring one. */
const SHARES = { asked: 0.95, unasked: 0.2 };
/** Of the tokens that are brought, so many are of no challenge, or of another fan's. */
const INVENTED = 0.15;
const STOLEN = 0.15;

/** What the fan sends with a join. A join that is repeated brings the same token again. */
export function challengeFor({ random, verifier, fans }: World, fan: Fan): string | null {
  if (fan.challenge !== null) return fan.challenge;
  if (random() >= (fan.isAsked ? SHARES.asked : SHARES.unasked)) return null;
  const kind = random();
  const stolen = fans.find((other) => other !== fan && other.challenge !== null)?.challenge;
  if (kind < INVENTED) fan.challenge = verifier.invent();
  else if (kind < INVENTED + STOLEN && stolen) fan.challenge = stolen;
  else fan.challenge = verifier.pass();
  return fan.challenge;
}

/** A join reaches the line as one that has passed the challenge. */
export function checkPassed({ laws }: Witness, hasPassed: boolean, { verdict }: Work): void {
  laws.check(
    "a challenge is passed by the verdict of the verifier alone",
    hasPassed === (verdict === "PASSED"),
    () => `${hasPassed} by ${verdict}`,
  );
}

/** What the fan does about the challenge after the answer to a join. */
export function hearsChallenge(
  { laws }: World,
  fan: Fan,
  brought: string | null,
  { status, body }: Received,
  { verdict, name }: Work,
): void {
  const isRequired = body?.code === "CHALLENGE_REQUIRED";
  const isFailed = body?.code === "CHALLENGE_FAILED";
  if (isRequired || isFailed) {
    laws.check(
      "a refusal says what became of the challenge",
      isRequired ? brought === null : brought !== null && verdict === "FAILED",
      () => `${name} with ${brought}, which is ${verdict}: ${body.code}`,
    );
  }
  fan.isAsked = isRequired || isFailed;
  if (isFailed || status < 300) fan.challenge = null;
}
