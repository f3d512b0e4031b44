import { type Dice, dice } from "./random.ts";

/** What becomes of an answer that a fan waits for: it comes, is cut off, or is asked for twice. */
export type LostAnswer = "none" | "cut off" | "asked twice";

export interface TabClosing {
  readonly afterPolls: number;
  readonly awaySeconds: number;
  /** Comes back with the stored queue token; else is not seen again. */
  readonly returns: boolean;
}

/** Before the opening: joins, joins again, or leaves and joins anew. */
export type Gathering = "once" | "twice" | "anew";

/** What one fan is like. It is drawn once, so the seed alone decides it. */
export interface Character {
  readonly arrivesAfterMs: number;
  /** Once waiting, never asks again. */
  readonly noShow: boolean;
  readonly tabClosing: TabClosing | null;
  readonly wants: number;
  /** Where in the list of dates, and where in the house, from 0 to 1; the front is the dearer. */
  readonly favouriteDate: number;
  readonly favouriteSpot: number;
  /** How many lost races and sold-out looks the fan bears. */
  readonly patience: number;
  readonly changesSeats: boolean;
  /** Lets the first hold lapse, then starts again. */
  readonly paysLate: boolean;
  /** Leaves with a hold and without a word. */
  readonly walksAway: boolean;
  /** Tops up too little at first. */
  readonly miscounts: boolean;
  /** Asks for more than the limit allows at first; having bought, joins again for more. */
  readonly greedy: boolean;
  readonly joinAnswer: LostAnswer;
  readonly chargeAnswer: LostAnswer;
  readonly payAnswer: LostAnswer;
  readonly gathering: Gathering;
}

const CLOSES_TAB = 0.1;
const COMES_BACK = 0.7;
const CHANGES_SEATS = 0.15;
const PAYS_LATE = 0.06;
const WALKS_AWAY = 0.03;
const MISCOUNTS = 0.15;
const GREEDY = 0.05;
const LOSES_ANSWER = 0.12;
/** Of those for whom a room is made that opens later: comes after the opening. */
const COMES_LATE = 0.15;
const GATHERS_TWICE = 0.1;
const GATHERS_ANEW = 0.1;
/** They have come when this much of the time before the opening is over. */
const GATHERING_SHARE = 0.85;
/** Fans that the crowd's arrival spreads over one second. */
const ARRIVALS_PER_SECOND = 200;
/** Streams of a fan: what the fan is like, and the throws on the way. */
const STREAMS_PER_FAN = 2;

export interface CrowdSettings {
  readonly fans: number;
  readonly seed: number;
  /** Percent. */
  readonly noShows: number;
  /** How long the room is there before it opens; 0: it is open. */
  readonly lobbySeconds: number;
}

function lostAnswer(luck: Dice): LostAnswer {
  const lost = luck.chance(LOSES_ANSWER);
  const cutOff = luck.chance(0.5);
  return !lost ? "none" : cutOff ? "cut off" : "asked twice";
}

function tabClosing(luck: Dice): TabClosing | null {
  const closes = luck.chance(CLOSES_TAB);
  const closing = {
    afterPolls: luck.whole(1, 4),
    awaySeconds: luck.between(2, 20),
    returns: luck.chance(COMES_BACK),
  };
  return closes ? closing : null;
}

function gathering(luck: Dice): Gathering {
  const throwOf = luck.between(0, 1);
  if (throwOf < GATHERS_TWICE) return "twice";
  return throwOf < GATHERS_TWICE + GATHERS_ANEW ? "anew" : "once";
}

function arrivalMs(share: number, late: boolean, { fans, lobbySeconds }: CrowdSettings): number {
  if (lobbySeconds > 0 && !late) return share * GATHERING_SHARE * lobbySeconds * 1000;
  return 1000 * (lobbySeconds + share * fans / ARRIVALS_PER_SECOND);
}

/** Every throw is made whatever the options say, so that one option changes one thing. */
export function characterOf(fan: number, settings: CrowdSettings): Character {
  const { seed, noShows } = settings;
  const luck = dice(seed, fan * STREAMS_PER_FAN);
  const arrival = luck.between(0, 1);
  const character = {
    noShow: luck.chance(noShows / 100),
    tabClosing: tabClosing(luck),
    wants: [1, 2, 2, 2, 3, 4][luck.whole(0, 5)]!,
    favouriteDate: luck.between(0, 1),
    favouriteSpot: luck.between(0, 1) ** 2,
    patience: luck.whole(3, 8),
    changesSeats: luck.chance(CHANGES_SEATS),
    paysLate: luck.chance(PAYS_LATE),
    walksAway: luck.chance(WALKS_AWAY),
    miscounts: luck.chance(MISCOUNTS),
    greedy: luck.chance(GREEDY),
    joinAnswer: lostAnswer(luck),
    chargeAnswer: lostAnswer(luck),
    payAnswer: lostAnswer(luck),
    gathering: gathering(luck),
  };
  return { ...character, arrivesAfterMs: arrivalMs(arrival, luck.chance(COMES_LATE), settings) };
}

/** The throws that a fan makes on the way: pauses, and when an answer is cut off. */
export function diceOf(fan: number, seed: number): Dice {
  return dice(seed, fan * STREAMS_PER_FAN + 1);
}
