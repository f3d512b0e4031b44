import type { Breach } from "./audit.ts";
import type { DrawRecords } from "./draw_records.ts";
import type { DrawSighting, Sighting } from "./seen.ts";

/** What the fans, and everybody, saw of a draw. */
export interface DrawWitness {
  readonly sightings: readonly Sighting[];
  /** In order; the first is of before anybody joined. */
  readonly draws: readonly DrawSighting[];
  readonly firstJoins: ReadonlyMap<number, number>;
  readonly leftPlaces: ReadonlySet<string>;
  /** Then the list is lost, and fans stand anew. */
  readonly lineWasReset: boolean;
}

const broken = (whats: readonly string[]): Breach[] => whats.map((what) => ({ law: "draw", what }));
const at = (ms: number) => `${(ms / 1000).toFixed(2)} s`;
const isLobby = ({ reason }: Sighting) => reason === "LOBBY";

/** When it was first told that the room is open. */
function openKnownAtMs(sightings: readonly Sighting[]): number {
  return sightings
    .filter(({ state, position }) => state === "ADMITTED" || position !== null)
    .reduce((first, { receivedAtMs }) => Math.min(first, receivedAtMs), Infinity);
}

/** The opening is one moment: whoever asks after it is not told to wait for it. */
function checkOpening({ sightings, draws }: DrawWitness): string[] {
  const knownAtMs = openKnownAtMs(sightings);
  const seedAtMs = draws.find(({ draw }) => (draw?.seed ?? null) !== null)?.receivedAtMs;
  const lobby = sightings.filter(isLobby);
  const last = lobby.reduce((latest, { sentAtMs }) => Math.max(latest, sentAtMs), -Infinity);
  const whats: string[] = [];
  if (last > knownAtMs) {
    whats.push(`told LOBBY after asking at ${at(last)}, though it was open at ${at(knownAtMs)}`);
  }
  if (seedAtMs !== undefined && last > seedAtMs) {
    whats.push(`the seed was told at ${at(seedAtMs)}, and LOBBY to who asked at ${at(last)}`);
  }
  return whats;
}

/** The seed is the one that was committed to before anybody joined. */
function checkCommitment({ draws }: DrawWitness, { draw, seedDigest }: DrawRecords): string[] {
  const before = draws[0]?.draw ?? null;
  if (before === null) return ["there was no commitment before the first fan joined"];
  const whats: string[] = [];
  if (before.seed !== null) whats.push("the seed was known before the first fan joined");
  const changed = draws.some(({ draw }) => draw?.commitment !== before.commitment);
  if (changed) whats.push(`the commitment ${before.commitment} was changed`);
  if (draw === null || draw.seed === null) whats.push("the seed was not published");
  else if (seedDigest !== before.commitment) {
    whats.push(`the seed's SHA-256 is ${seedDigest}, and ${before.commitment} was committed to`);
  }
  return whats;
}

/** The list goes on from ticket to ticket, names each fan once, and is in the order of the seed. */
function checkList({ list, values }: DrawRecords): string[] {
  const whats: string[] = [];
  for (const [index, { pseudonym, ticket }] of list.entries()) {
    const before = list[index - 1];
    if (!before) continue;
    if (ticket !== before.ticket + 1) {
      whats.push(`ticket ${before.ticket} is followed by ${ticket} in the list`);
    }
    const [value, valueBefore] = [values.get(pseudonym), values.get(before.pseudonym)];
    if (value !== undefined && valueBefore !== undefined && value < valueBefore) {
      whats.push(`${pseudonym} has ticket ${ticket}, and the seed puts it before ${ticket - 1}`);
    }
  }
  const names = new Set(list.map(({ pseudonym }) => pseudonym));
  if (names.size < list.length) whats.push("the list names a pseudonym twice");
  return whats;
}

interface Gatherer {
  readonly fan: number;
  readonly pseudonym: string;
  /** False when the fan left without having been told a ticket. */
  readonly surelyDrawn: boolean;
  readonly tickets: ReadonlySet<number>;
}

function ticketsOf(place: readonly Sighting[]): Set<number> {
  return new Set(place.flatMap(({ ticket }) => ticket === null ? [] : [ticket]));
}

function gatherersOf(places: Iterable<readonly Sighting[]>, left: ReadonlySet<string>) {
  const gatherers: Gatherer[] = [];
  for (const place of places) {
    const told = place.find(({ pseudonym }) => pseudonym !== null);
    if (!told) continue;
    const tickets = ticketsOf(place);
    const surelyDrawn = tickets.size > 0 || !left.has(told.place);
    gatherers.push({ fan: told.fan, pseudonym: told.pseudonym!, surelyDrawn, tickets });
  }
  return gatherers;
}

/** Whoever gathered is in the list, with the ticket that the fan was told, and nobody else is. */
function checkFans(witness: DrawWitness, { list }: DrawRecords): string[] {
  const places = Map.groupBy(witness.sightings, ({ place }) => place);
  const gatherers = gatherersOf(places.values(), witness.leftPlaces);
  const listed = new Map(list.map(({ pseudonym, ticket }) => [pseudonym, ticket]));
  const owners = new Map<string, number>();
  const whats: string[] = [];
  for (const { fan, pseudonym, surelyDrawn, tickets } of gatherers) {
    const owner = owners.get(pseudonym);
    if (owner !== undefined && owner !== fan) whats.push(`two fans were told ${pseudonym}`);
    owners.set(pseudonym, fan);
    const ticket = listed.get(pseudonym);
    if (ticket === undefined) {
      if (surelyDrawn) whats.push(`${pseudonym} gathered and is not in the list`);
      continue;
    }
    for (const told of tickets) {
      if (told !== ticket) whats.push(`${pseudonym} has ticket ${ticket}, and was told ${told}`);
    }
  }
  return [...whats, ...checkStrangers(witness, list, owners), ...checkLate(places, list, owners)];
}

/** A join whose answer was lost may have gathered a fan who was never told the pseudonym. */
function checkStrangers(
  { sightings, firstJoins }: DrawWitness,
  list: DrawRecords["list"],
  owners: ReadonlyMap<string, number>,
): string[] {
  const told = new Set(owners.values());
  const openAtMs = openKnownAtMs(sightings);
  const untold = [...firstJoins].filter(([fan, atMs]) => !told.has(fan) && atMs < openAtMs).length;
  const strangers = list.filter(({ pseudonym }) => !owners.has(pseudonym)).length;
  return strangers > untold
    ? [`the list has ${strangers} who gathered untold, and ${untold} fans may have`]
    : [];
}

/** Whoever came after the opening stands behind all who gathered. */
function checkLate(
  places: ReadonlyMap<string, readonly Sighting[]>,
  list: DrawRecords["list"],
  owners: ReadonlyMap<string, number>,
): string[] {
  const last = list.at(-1)?.ticket ?? 0;
  const byTicket = new Map(list.map(({ pseudonym, ticket }) => [ticket, pseudonym]));
  const whats: string[] = [];
  for (const [place, told] of places) {
    if (told.some(({ pseudonym }) => pseudonym !== null)) continue;
    const ticket = [...ticketsOf(told)][0];
    if (ticket === undefined || ticket > last) continue;
    const pseudonym = byTicket.get(ticket);
    const mayBeOwn = pseudonym !== undefined && !owners.has(pseudonym);
    if (!mayBeOwn) whats.push(`place ${place} came late and has ticket ${ticket}, before ${last}`);
  }
  return whats;
}

/** Holds a draw to what was published of it, before and after. */
export function checkDraw(witness: DrawWitness, records: DrawRecords): Breach[] {
  const commitment = checkCommitment(witness, records);
  if (witness.lineWasReset) return broken(commitment);
  return broken([
    ...commitment,
    ...checkOpening(witness),
    ...checkList(records),
    ...checkFans(witness, records),
  ]);
}
