import { createRandomStream, type RandomStream } from "./random.ts";

/** A fault of the client: the answer arrives, is aborted, or the request is sent twice at once. */
export type SendFault = "none" | "cut off" | "sent twice";

export interface TabClosing {
  readonly afterPolls: number;
  readonly awaySeconds: number;
  /** True: the fan comes back with the stored queue token. False: the fan never comes back. */
  readonly returns: boolean;
}

/** What a fan does in a room that has not opened: join, join again, or leave and join anew. */
export type Gathering = "once" | "twice" | "anew";

/** The behaviour of one fan. The seed alone decides it. */
export interface FanTraits {
  readonly arrivesAfterMs: number;
  /** Never polls once the place is WAITING. */
  readonly noShow: boolean;
  readonly tabClosing: TabClosing | null;
  readonly seatsWanted: number;
  /** A share from 0 to 1 of the list of schedules. */
  readonly favouriteSchedule: number;
  /** A share from 0 to 1 of the free seats in their order. Most fans prefer the front. */
  readonly favouriteSpot: number;
  /** How many lost races and lapsed holds the fan accepts before giving up. */
  readonly patience: number;
  /** Cancels the first hold and takes other seats. */
  readonly changesSeats: boolean;
  /** Lets the first hold lapse before paying. */
  readonly paysLate: boolean;
  /** Leaves with a hold, without cancelling it or leaving the queue. */
  readonly walksAway: boolean;
  /** Charges too little at first. */
  readonly undercharges: boolean;
  /** Asks for more seats than the limit at first. Joins again after a purchase. */
  readonly greedy: boolean;
  readonly joinFault: SendFault;
  readonly chargeFault: SendFault;
  readonly payFault: SendFault;
  readonly gathering: Gathering;
}

/** Probabilities. The time limit of a rush depends on the exported ones. */
export const CLOSES_TAB = 0.1;
export const WALKS_AWAY = 0.03;
const COMES_BACK = 0.7;
const CHANGES_SEATS = 0.15;
const PAYS_LATE = 0.06;
const UNDERCHARGES = 0.15;
const GREEDY = 0.05;
const HAS_FAULT = 0.12;
/** In a rush with a lobby: arrives after the opening. */
const COMES_LATE = 0.15;
const GATHERS_TWICE = 0.1;
const GATHERS_ANEW = 0.1;
/** The others arrive within this share of the lobby's time. */
const GATHERING_SHARE = 0.85;
const ARRIVALS_PER_SECOND = 200;
/** One stream for the traits, one for the decisions during the sale. */
const STREAMS_PER_FAN = 2;

export interface CrowdSettings {
  readonly fans: number;
  readonly seed: number;
  /** Percent. */
  readonly noShows: number;
  /** Time from the creation of the room to its opening. 0: the room is open at once. */
  readonly lobbySeconds: number;
}

function drawFault(random: RandomStream): SendFault {
  const hasFault = random.chance(HAS_FAULT);
  const isCutOff = random.chance(0.5);
  return !hasFault ? "none" : isCutOff ? "cut off" : "sent twice";
}

function drawTabClosing(random: RandomStream): TabClosing | null {
  const closes = random.chance(CLOSES_TAB);
  const tabClosing = {
    afterPolls: random.whole(1, 4),
    awaySeconds: random.between(2, 20),
    returns: random.chance(COMES_BACK),
  };
  return closes ? tabClosing : null;
}

function drawGathering(random: RandomStream): Gathering {
  const value = random.between(0, 1);
  if (value < GATHERS_TWICE) return "twice";
  return value < GATHERS_TWICE + GATHERS_ANEW ? "anew" : "once";
}

function arrivalMs(share: number, late: boolean, { fans, lobbySeconds }: CrowdSettings): number {
  if (lobbySeconds > 0 && !late) return share * GATHERING_SHARE * lobbySeconds * 1000;
  return 1000 * (lobbySeconds + share * fans / ARRIVALS_PER_SECOND);
}

/** Draws every trait whatever the options are, so that one option changes one trait only. */
export function createFanTraits(fan: number, settings: CrowdSettings): FanTraits {
  const { seed, noShows } = settings;
  const random = createRandomStream(seed, fan * STREAMS_PER_FAN);
  const arrival = random.between(0, 1);
  const traits = {
    noShow: random.chance(noShows / 100),
    tabClosing: drawTabClosing(random),
    seatsWanted: [1, 2, 2, 2, 3, 4][random.whole(0, 5)]!,
    favouriteSchedule: random.between(0, 1),
    favouriteSpot: random.between(0, 1) ** 2,
    patience: random.whole(3, 8),
    changesSeats: random.chance(CHANGES_SEATS),
    paysLate: random.chance(PAYS_LATE),
    walksAway: random.chance(WALKS_AWAY),
    undercharges: random.chance(UNDERCHARGES),
    greedy: random.chance(GREEDY),
    joinFault: drawFault(random),
    chargeFault: drawFault(random),
    payFault: drawFault(random),
    gathering: drawGathering(random),
  };
  return {
    ...traits,
    arrivesAfterMs: arrivalMs(arrival, random.chance(COMES_LATE), settings),
  };
}

/** The stream for a fan's decisions during the sale: pauses, and when an answer is cut off. */
export function createDecisionStream(fan: number, seed: number): RandomStream {
  return createRandomStream(seed, fan * STREAMS_PER_FAN + 1);
}
