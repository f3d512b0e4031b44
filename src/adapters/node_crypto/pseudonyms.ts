import { createHmac } from "node:crypto";
import type { FanId } from "../../domain/ids.ts";
import type { SubjectOf } from "../../ports/admissions.ts";

/** Keep the keys of pseudonyms apart from each other and from every other use of the secret. */
const ADMISSIONS = "stanchion: pseudonyms in admissions";
const LOGS = "stanchion: pseudonyms in logs";
/** 72 bits, so that no two fans of a sale have the same. */
const LOG_PSEUDONYM_LENGTH = 12;

/**
 * A name of the fan for each audience: a keyed hash. Without the key nobody can try out user ids,
 * and two audiences cannot find out that they see the same fan. An audience has no line break, so
 * no two pairs of audience and fan are the same text.
 */
export function createPseudonyms(secret: string): SubjectOf {
  const hash = createKeyedHash(secret, ADMISSIONS);
  return (fan, audience) => hash(`${audience}\n${fan}`);
}

/** A name of the fan in logs, which no audience knows. */
export function createLogPseudonyms(secret: string): (fan: FanId) => string {
  const hash = createKeyedHash(secret, LOGS);
  return (fan) => hash(fan).slice(0, LOG_PSEUDONYM_LENGTH);
}

function createKeyedHash(secret: string, purpose: string): (text: string) => string {
  const key = createHmac("sha256", secret).update(purpose).digest();
  return (text) => createHmac("sha256", key).update(text).digest("base64url");
}
