import type { DrawRecords } from "../operator/draw_records.ts";
import type { PlaceObservation } from "../observations.ts";
import { type DrawEvidence, gatheredPlaces, openedByMs, ticketsOf } from "./draw_evidence.ts";
import { formatTime, type Violation, violationsOf } from "./violation.ts";

/** The opening is one moment: no request sent after it is answered with LOBBY. */
function checkOpening({ places, draws }: DrawEvidence): string[] {
  const openMs = openedByMs(places);
  const seedAtMs = draws.find(({ draw }) => (draw?.seed ?? null) !== null)?.receivedAtMs;
  const lastLobbyMs = places.filter(({ reason }) => reason === "LOBBY")
    .reduce((latest, { sentAtMs }) => Math.max(latest, sentAtMs), -Infinity);
  const lobby = `a request sent at ${formatTime(lastLobbyMs)} was answered with LOBBY`;
  const details: string[] = [];
  if (lastLobbyMs > openMs) {
    details.push(`${lobby}, and the room was open at ${formatTime(openMs)}`);
  }
  if (seedAtMs !== undefined && lastLobbyMs > seedAtMs) {
    details.push(`${lobby}, and the seed was published at ${formatTime(seedAtMs)}`);
  }
  return details;
}

/** The published seed fits the commitment that was public before any fan joined. */
function checkCommitment({ draws }: DrawEvidence, { draw, seedDigest }: DrawRecords): string[] {
  const first = draws[0]?.draw ?? null;
  if (first === null) return ["there was no commitment before the first fan joined"];
  const details: string[] = [];
  if (first.seed !== null) details.push("the seed was public before the first fan joined");
  const changed = draws.some((one) => one.draw?.commitment !== first.commitment);
  if (changed) details.push(`the commitment ${first.commitment} was changed`);
  if (draw === null || draw.seed === null) details.push("the seed was not published");
  else if (seedDigest !== first.commitment) {
    details.push(`the seed's SHA-256 is ${seedDigest}, and the commitment is ${first.commitment}`);
  }
  return details;
}

/** The list has every ticket number, names each fan once and follows the order of the seed. */
function checkList({ list, orderValues }: DrawRecords): string[] {
  const details: string[] = [];
  for (const [index, { pseudonym, ticket }] of list.entries()) {
    const previous = list[index - 1];
    if (!previous) continue;
    if (ticket !== previous.ticket + 1) {
      details.push(`ticket ${ticket} follows ${previous.ticket} in the list`);
    }
    const value = orderValues.get(pseudonym);
    const previousValue = orderValues.get(previous.pseudonym);
    if (value !== undefined && previousValue !== undefined && value < previousValue) {
      details.push(`${pseudonym} has ticket ${ticket}, and the seed puts it before ${ticket - 1}`);
    }
  }
  const names = new Set(list.map(({ pseudonym }) => pseudonym));
  if (names.size < list.length) details.push("the list names a pseudonym twice");
  return details;
}

/** Every fan who gathered is in the list with the ticket number of the fan's answers. */
function checkFans(evidence: DrawEvidence, { list }: DrawRecords): string[] {
  const places = Map.groupBy(evidence.places, ({ place }) => place);
  const tickets = new Map(list.map(({ pseudonym, ticket }) => [pseudonym, ticket]));
  const owners = new Map<string, number>();
  const details: string[] = [];
  for (const place of gatheredPlaces(places.values(), evidence.leftPlaces)) {
    const { fan, pseudonym } = place;
    const owner = owners.get(pseudonym);
    if (owner !== undefined && owner !== fan) details.push(`two fans have pseudonym ${pseudonym}`);
    owners.set(pseudonym, fan);
    const ticket = tickets.get(pseudonym);
    if (ticket === undefined) {
      if (place.mustBeListed) details.push(`${pseudonym} gathered and is not in the list`);
      continue;
    }
    for (const answered of place.tickets) {
      if (answered === ticket) continue;
      details.push(`${pseudonym} has ticket ${ticket} in the list, and ${answered} in an answer`);
    }
  }
  return [
    ...details,
    ...checkUnknown(evidence, list, owners),
    ...checkLateFans(places, list, owners),
  ];
}

/** A join whose answer was lost may have made a place whose pseudonym no answer has. */
function checkUnknown(
  { places, firstJoins }: DrawEvidence,
  list: DrawRecords["list"],
  owners: ReadonlyMap<string, number>,
): string[] {
  const known = new Set(owners.values());
  const openMs = openedByMs(places);
  const possible = [...firstJoins].filter(([fan, atMs]) => !known.has(fan) && atMs < openMs);
  const unknown = list.filter(({ pseudonym }) => !owners.has(pseudonym)).length;
  return unknown > possible.length
    ? [`the list has ${unknown} unknown pseudonyms, and ${possible.length} fans may own one`]
    : [];
}

/** A fan who came after the opening has a higher ticket number than all who gathered. */
function checkLateFans(
  places: ReadonlyMap<string, readonly PlaceObservation[]>,
  list: DrawRecords["list"],
  owners: ReadonlyMap<string, number>,
): string[] {
  const last = list.at(-1)?.ticket ?? 0;
  const pseudonyms = new Map(list.map(({ pseudonym, ticket }) => [ticket, pseudonym]));
  const details: string[] = [];
  for (const [place, observations] of places) {
    if (observations.some(({ pseudonym }) => pseudonym !== null)) continue;
    const ticket = [...ticketsOf(observations)][0];
    if (ticket === undefined || ticket > last) continue;
    const pseudonym = pseudonyms.get(ticket);
    const mayBeOwn = pseudonym !== undefined && !owners.has(pseudonym);
    if (!mayBeOwn) {
      details.push(`place ${place} came late and has ticket ${ticket}, not above ${last}`);
    }
  }
  return details;
}

/** Compares a draw with what was published before and after it. */
export function checkDraw(evidence: DrawEvidence, records: DrawRecords): Violation[] {
  const commitment = checkCommitment(evidence, records);
  if (evidence.queueWasReset) return violationsOf("draw", commitment);
  return violationsOf("draw", [
    ...commitment,
    ...checkOpening(evidence),
    ...checkList(records),
    ...checkFans(evidence, records),
  ]);
}
