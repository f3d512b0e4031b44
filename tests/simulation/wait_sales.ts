import { DEFAULT_ROOM, type SalePlan, SMALL_SALE } from "./plan.ts";

/** A sale in which the told waits are compared with the real ones. */
export interface WaitSale {
  readonly name: string;
  readonly plan: SalePlan;
  /** Only waits that are told from here on count. */
  readonly toldFromMs?: number;
  /** The highest median of the relative errors; null where it is only reported. */
  readonly highestError: number | null;
  /** Whether the range must hold four fans of five. */
  readonly isCovered: boolean;
  /** The share of fans, slots and seats with which tests play it. */
  readonly testShare: number;
}

const SECOND_MS = 1_000;
const MINUTE_MS = 60_000;

type Random = () => number;

/** A standard normal number (Box and Muller). */
function normal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/** Lognormal with the mean 1. */
function lognormal(random: Random, sigma: number): number {
  return Math.exp(sigma * normal(random) - sigma ** 2 / 2);
}

/** Three buyers of ten take nine times as long as the others; the mean is 1. */
function twoKinds(random: Random): number {
  const [quick, slow] = [0.294, 2.647];
  return (random() < 0.3 ? slow : quick) * lognormal(random, 0.4);
}

const ROOM = { ...DEFAULT_ROOM, capacity: 200 };
/** 6,000 fans, 200 slots of 100 s. It ends when all were admitted. */
const SALE: SalePlan = {
  ...SMALL_SALE,
  fans: 6_000,
  joinOverMs: 5 * MINUTE_MS,
  room: ROOM,
  latenessMs: 500,
  untilMs: 180 * MINUTE_MS,
};
/** A quick sale, as that of `deno task rush`. */
const QUICK_SALE: SalePlan = {
  ...SALE,
  fans: 2_000,
  joinOverMs: 10 * SECOND_MS,
  room: {
    ...DEFAULT_ROOM,
    capacity: 100,
    admissionTtlMs: 30 * SECOND_MS,
    pollMinSeconds: 1,
    pollMaxSeconds: 3,
  },
  showUpMs: SECOND_MS,
  sessionMs: 2 * SECOND_MS,
  sessionShape: (random) => lognormal(random, 0.7),
  leaving: 0.5,
  lapsing: 0.03,
};
const ABSENT = { ghosts: 0.4, vanishing: 0.2 };
const RATE = { ...DEFAULT_ROOM, admissionsPerMinute: 120 };
const RAISED_MS = 15 * MINUTE_MS;
const LOWERED_MS = 22 * MINUTE_MS;
const CHANGED: SalePlan = {
  ...SALE,
  changes: [
    { atMs: RAISED_MS, room: { capacity: 500 } },
    { atMs: LOWERED_MS, room: { capacity: 100 } },
  ],
};

const STEADY: WaitSale = {
  name: "steady: 1,000 slots of 300 s",
  plan: {
    ...SALE,
    fans: 12_000,
    joinOverMs: 10 * MINUTE_MS,
    room: DEFAULT_ROOM,
    sessionMs: 300 * SECOND_MS,
  },
  highestError: 0.15,
  isCovered: true,
  testShare: 0.25,
};

/** The sales of the comparison. */
export const WAIT_SALES: readonly WaitSale[] = [
  STEADY,
  {
    name: "bursty: quick and slow buyers, arrivals in five bursts",
    plan: { ...SALE, sessionShape: twoKinds, joinBursts: 5 },
    highestError: 0.3,
    isCovered: true,
    testShare: 0.25,
  },
  {
    name: "bursty: turns end once a minute",
    plan: {
      ...SALE,
      sessionShape: (random) => lognormal(random, 0.5),
      endsEveryMs: MINUTE_MS,
      joinBursts: 5,
    },
    highestError: 0.3,
    isCovered: true,
    testShare: 0.25,
  },
  {
    name: "40 % never call again, 20 % vanish when near",
    plan: { ...SALE, ...ABSENT },
    highestError: 0.3,
    isCovered: true,
    testShare: 0.25,
  },
  {
    name: "120 admissions a minute",
    plan: { ...SALE, room: RATE },
    highestError: 0.3,
    isCovered: true,
    testShare: 0.5,
  },
  {
    name: "120 admissions a minute, 40 % and 20 % absent",
    plan: { ...SALE, room: RATE, ...ABSENT },
    highestError: 0.3,
    isCovered: true,
    testShare: 0.5,
  },
  {
    name: "stalled: nobody ends for six minutes",
    plan: { ...SALE, stall: { fromMs: 15 * MINUTE_MS, untilMs: 21 * MINUTE_MS } },
    highestError: null,
    isCovered: false,
    testShare: 0.25,
  },
  {
    name: "sold out in the middle, 80 seats come back",
    plan: {
      ...SALE,
      seats: 3_000,
      seatsPerFan: 1,
      leaving: 0.2,
      returns: [{ atMs: 35 * MINUTE_MS, seats: 20 }, { atMs: 45 * MINUTE_MS, seats: 60 }],
    },
    highestError: null,
    isCovered: true,
    testShare: 0.5,
  },
  {
    name: "capacity 200, 500, then 100",
    plan: CHANGED,
    highestError: null,
    isCovered: false,
    testShare: 0.5,
  },
  {
    name: "the same, told after the change",
    plan: CHANGED,
    toldFromMs: LOWERED_MS,
    highestError: null,
    isCovered: true,
    testShare: 1,
  },
  {
    name: "quick: 2,000 fans in about a minute",
    plan: QUICK_SALE,
    highestError: null,
    isCovered: true,
    testShare: 1,
  },
  {
    name: "one slot of 60 s",
    plan: {
      ...SALE,
      fans: 60,
      joinOverMs: 10 * MINUTE_MS,
      room: { ...DEFAULT_ROOM, capacity: 1 },
      sessionMs: MINUTE_MS,
      sessionShape: (random) => lognormal(random, 0.5),
    },
    highestError: null,
    isCovered: true,
    testShare: 1,
  },
];
