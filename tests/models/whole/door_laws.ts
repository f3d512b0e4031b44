import type { PlaceRef } from "../../../src/domain/queue.ts";
import { placeOf, placeOfLost } from "../line/epoch.ts";
import type { Witness } from "../line/witness.ts";
import type { Work } from "./scheduler.ts";
import type { Received, Sent, World } from "./world.ts";

/** A credential that is none: there is no token, or nobody whom the API trusts signed it. */
export type WrongCredential = "NONE" | "FORGED";

const nameOf = ({ room, epoch, fan, order }: PlaceRef) => `${room} ${epoch} ${fan} ${order}`;

/** To be called when the line has answered a request about a place. */
export function noteAdmission({ epoch, clock }: Witness, ref: PlaceRef, work: Work): void {
  const place = epoch && (placeOf(epoch, ref) ?? placeOfLost(epoch, ref));
  if (place?.state !== "ADMITTED" || !place.hasShownUp || place.expiresAtMs! <= clock()) return;
  work.admissions.add(nameOf(ref));
}

/** D2: what was given is for a place that was admitted when the same request asked the line. */
export function checkAdmission(
  { laws, tokens }: World,
  { name, place }: Sent,
  { status, text, replayed }: Received,
  work: Work,
): void {
  if (status >= 300 || replayed) return;
  const ref = place ? tokens.verify(place) : null;
  laws.check(
    "D2: no list, no seats and no new hold without a live admission",
    ref !== null && work.admissions.has(nameOf(ref)),
    () => `${name}: ${text}`,
  );
}

const OWN_IDS = /"(?:reservationId|paymentId|ticketId)":"([^"]+)"/g;

/** D1: an answer to a fan has only what is that fan's. */
export async function checkOwn(
  { laws, owners }: World,
  { name, fan, wrongCredential, isOfAnother }: Sent,
  { status, text, isBeforeRestore }: Received,
  { startedMs }: Work,
): Promise<void> {
  if (!fan) return;
  if (wrongCredential) {
    laws.check(
      "D1: nothing without a valid credential",
      status === 401 || status === 503,
      () => `${name}: ${status} ${text}`,
    );
  }
  if (isOfAnother) {
    laws.check(
      "D1: what is another fan's is refused",
      [403, 404, 503].includes(status),
      () => `${name}: ${status} ${text}`,
    );
  }
  if (status >= 300) return;
  const ids = [...new Set(text.matchAll(OWN_IDS).map(([, id]) => id!))];
  if (ids.length === 0) return;
  const found = await owners.of(ids);
  // Whoever was erased before the request has nothing any more.
  const names = owners.namesOf(fan.name, startedMs);
  laws.check(
    "D1: an answer has only what is of the fan who asked",
    found.every((owner) => owner === null ? isBeforeRestore : names.includes(owner)),
    () => `${name}: ${ids} of ${found}`,
  );
}
