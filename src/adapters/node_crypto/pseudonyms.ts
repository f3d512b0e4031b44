import { createHmac } from "node:crypto";
import type { SubjectOf } from "../../ports/admissions.ts";

/** Keeps the key of pseudonyms apart from every other use of the secret. */
const PURPOSE = "stanchion: pseudonyms in admissions";

/**
 * A name of the fan for each audience: a keyed hash. Without the key nobody can try out user ids,
 * and two audiences cannot find out that they see the same fan. An audience has no line break, so
 * no two pairs of audience and fan are the same text.
 */
export function createPseudonyms(secret: string): SubjectOf {
  const key = createHmac("sha256", secret).update(PURPOSE).digest();
  return (fan, audience) =>
    createHmac("sha256", key).update(`${audience}\n${fan}`).digest("base64url");
}
