import { median, quantile } from "d3-array";
import type { Breach } from "./audit.ts";
import { checkDraw } from "./draw_checks.ts";
import type { DrawRecords } from "./draw_records.ts";
import type { Ending } from "./fan.ts";
import type { Ledger } from "./ledger.ts";
import { checkLine, estimateErrors, type LineFindings } from "./line_checks.ts";
import { checkRate, mostWithinAMinute } from "./rate_checks.ts";
import type { Records } from "./records.ts";
import type { Seen } from "./seen.ts";
import { checkSoldOut } from "./stock_checks.ts";

export interface CallFigures {
  readonly name: string;
  readonly count: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

/** The rush in numbers. */
export interface Findings {
  readonly seconds: number;
  readonly endings: Readonly<Partial<Record<Ending, number>>>;
  readonly counts: Readonly<Record<string, number>>;
  readonly joined: number;
  readonly admitted: number;
  /** Those still parked at the end, and those seen to come back. */
  readonly parked: number;
  readonly returned: number;
  readonly sold: number;
  readonly inversions: number;
  readonly risen: number;
  readonly goneWhileWaiting: number;
  /** Places had by fans, and those that once asked too late to be held to the order. */
  readonly places: number;
  readonly latePlaces: number;
  readonly mostAdmitted: number;
  readonly capacity: number;
  /** The most that were for certain admitted within a minute, and may be; null for any number. */
  readonly mostPerMinute: number;
  readonly perMinute: number | null;
  /** Who was drawn at the opening, and what was wrong with the draw; null without one. */
  readonly drawn: number | null;
  readonly drawFaults: number;
  readonly doubleSales: number;
  readonly moneyIn: number;
  readonly moneyOut: number;
  readonly balancesLeft: number | null;
  readonly calls: readonly CallFigures[];
  /** Of a call, until there was a socket for it. */
  readonly socketWaitP99Seconds: number;
  readonly pollsPerFan: number;
  readonly estimateErrorMedianSeconds: number | null;
  readonly estimateErrorWorstTenthSeconds: number | null;
  readonly serverFaults: number;
  readonly lostAnswers: number;
}

/** What the rush knows of its room. */
export interface RoomEvidence {
  readonly seats: number;
  readonly perMinute: number | null;
  readonly draw: DrawRecords | null;
  /** Whether an operator changed it meanwhile: then what depends on its settings is not checked. */
  readonly wasChanged: boolean;
}

export interface Evidence {
  /** Null where nothing more is known of it than what was seen. */
  readonly room: RoomEvidence | null;
  readonly seen: Seen;
  readonly ledgers: readonly Ledger[];
  readonly endings: readonly Ending[];
  readonly seconds: number;
  readonly records: Records | null;
  /** How long the server keeps a turn for a fan, as far as that is known. */
  readonly turnMs?: number;
}

const sum = (values: Iterable<number>) => [...values].reduce((total, value) => total + value, 0);

function callFigures({ timings }: Seen): CallFigures[] {
  return [...timings].map(([name, times]) => ({
    name,
    count: times.length,
    p50Ms: quantile(times, 0.5) ?? 0,
    p99Ms: quantile(times, 0.99) ?? 0,
  })).sort((a, b) => b.count - a.count);
}

function soldTwice({ ledgers, records }: Evidence): number {
  const bySeat = (seats: readonly number[]) => seats.length - new Set(seats).size;
  const told = bySeat(ledgers.flatMap(({ tickets }) => tickets.map(({ seatId }) => seatId)));
  return Math.max(told, bySeat(records?.sales.map(({ seatId }) => seatId) ?? []));
}

export function findingsOf(evidence: Evidence): Findings {
  const { seen, ledgers, records, endings, seconds, turnMs } = evidence;
  const { samples, sightings } = seen;
  const line = checkLine(sightings, seen.lineWasReset, turnMs);
  const errors = estimateErrors(sightings, turnMs).map(Math.abs);
  const joined = new Set(sightings.map(({ fan }) => fan)).size;
  const { draw = null, perMinute = null } = evidence.room ?? {};
  const admitted = sightings.filter(({ state }) => state === "ADMITTED");
  const returned = seen.counts.get("returned parked") ?? 0;
  return {
    seconds,
    endings: Object.fromEntries(
      [...Map.groupBy(endings, (ending) => ending)].map(([ending, all]) => [ending, all.length]),
    ),
    counts: Object.fromEntries(seen.counts),
    joined,
    admitted: new Set(admitted.map(({ fan }) => fan)).size,
    parked: (samples.at(-1)?.parked ?? 0) + returned,
    returned,
    sold: sum(ledgers.map(({ tickets }) => tickets.length)),
    inversions: line.inversions.length,
    risen: line.rises.length,
    goneWhileWaiting: line.goneWhileWaiting.length,
    places: line.places,
    latePlaces: line.late,
    mostAdmitted: Math.max(0, ...samples.map((sample) => sample.admitted)),
    capacity: samples.at(-1)?.capacity ?? 0,
    mostPerMinute: mostWithinAMinute(seen),
    perMinute,
    drawn: draw && draw.list.length,
    drawFaults: roomBreaches(evidence).filter(({ law }) => law === "draw").length,
    doubleSales: soldTwice(evidence),
    moneyIn: sum(ledgers.map(({ charged }) => charged)),
    moneyOut: sum(ledgers.map(({ paid }) => paid)),
    balancesLeft: records && sum(records.fans.map(({ balance }) => balance)),
    calls: callFigures(seen),
    socketWaitP99Seconds: (quantile(seen.queuedMs, 0.99) ?? 0) / 1000,
    pollsPerFan: joined === 0 ? 0 : (seen.counts.get("polls") ?? 0) / joined,
    estimateErrorMedianSeconds: median(errors) ?? null,
    estimateErrorWorstTenthSeconds: quantile(errors, 0.9) ?? null,
    serverFaults: seen.serverFaults.length,
    lostAnswers: sum(seen.lost.values()),
  };
}

function lineBreaches({ inversions, rises, goneWhileWaiting, sharedTickets }: LineFindings) {
  const named = (law: string, whats: readonly string[]) => whats.map((what) => ({ law, what }));
  return [
    ...named("L2", inversions),
    ...named("L3", sharedTickets),
    ...named("L4", rises),
    ...named("L4", goneWhileWaiting),
  ];
}

/** A line that was reset has lost its list and its rate. */
function roomBreaches({ room, seen, endings }: Evidence): Breach[] {
  if (!room) return [];
  const soldOut = checkSoldOut(seen.sightings, seen, room.seats);
  if (room.wasChanged) return soldOut;
  const refused = endings.filter((ending) => ending === "found the line closed").length;
  return [
    ...soldOut,
    ...refused > 0
      ? [{ law: "contract", what: `${refused} fans were told LINE_CLOSED, and nobody closed it` }]
      : [],
    ...seen.lineWasReset ? [] : checkRate(seen, seen.samples, room.perMinute),
    ...room.draw ? checkDraw(seen, room.draw) : [],
  ];
}

/** The laws broken as the crowd itself saw it, without the server's records. */
export function breachesSeen(evidence: Evidence): Breach[] {
  const { seen, ledgers, endings, seconds, turnMs } = evidence;
  const over = seen.samples.filter(({ admitted, capacity }) => admitted > capacity);
  const worst = Math.max(0, ...over.map(({ admitted }) => admitted));
  const seats = Map.groupBy(ledgers.flatMap(({ tickets }) => tickets), ({ seatId }) => seatId);
  const doubles = [...seats].filter(([, tickets]) => tickets.length > 1);
  const stuck = endings.filter((ending) => ending === "unfinished" || ending === "lost the server");
  return [
    ...over.length > 0
      ? [{ law: "L1", what: `${worst} were admitted at once, with room for ${over[0]!.capacity}` }]
      : [],
    ...lineBreaches(checkLine(seen.sightings, seen.lineWasReset, turnMs)),
    ...roomBreaches(evidence),
    ...doubles.map(([seatId, tickets]) => ({
      law: "B1",
      what: `${tickets.length} fans were told that they had paid seat ${seatId}`,
    })),
    ...seen.serverFaults.map((what) => ({ law: "D3", what: `answered ${what}` })),
    ...seen.oddities.map((what) => ({ law: "contract", what })),
    ...stuck.length > 0
      ? [{
        law: "liveness",
        what: `${stuck.length} fans had not got through in ${seconds.toFixed(1)} s`,
      }]
      : [],
  ];
}
