import type { Evidence } from "../checks/evidence.ts";
import type { Rule, Violation } from "../checks/violation.ts";
import type { Figures } from "./figures.ts";
import { formatWhole, plural } from "./format.ts";

/** What a rush found about one law. */
export interface Law {
  readonly rule: Rule;
  readonly says: string;
  /** How much was compared. Null: nothing, for the reason in `counted`. */
  readonly checked: number | null;
  readonly counted: string;
  readonly broken: number;
}

const SAYS: Readonly<Record<Rule, string>> = {
  "L1": "at most the capacity admitted at once",
  "L2": "admitted in ticket order",
  "L3": "a ticket number for each place",
  "L4": "no position rose, no place was lost",
  "L6": "at most the rate admitted in a minute",
  "draw": "drawn in the order of the seed",
  "sold out": "SOLD_OUT was said only when true",
  "B1": "no seat sold twice",
  "B3": "balances are charges minus payments",
  "B4": "no reservation paid twice or unasked",
  "B5": "SOLD_OUT exactly while no seat is left",
  "B7": "no fan above the limit of a date",
  "records": "acknowledged payments are recorded",
  "D3": "no answer of 5xx",
  "contract": "answers that the contract allows",
  "liveness": "each fan came to an end",
};

/** How much was compared, and in words. */
type Count = readonly [checked: number | null, counted: string];

const RESET: Count = [null, "the queue was reset"];
const CHANGED: Count = [null, "the room was changed meanwhile"];

function countLine({ observations, room }: Evidence, figures: Figures) {
  const { places, samples, queueWasReset } = observations;
  const { capacity, mostAdmitted, mostPerMinute, perMinute, latePlaces, drawn } = figures;
  const inOrder = figures.places - latePlaces;
  const waiting = places.filter(({ state }) => state === "WAITING").length;
  const soldOut = places.filter(({ reason }) => reason === "SOLD_OUT").length;
  const rate: Count = perMinute === null
    ? [null, "the room has no rate"]
    : [mostPerMinute, `${formatWhole(mostPerMinute)} of ${formatWhole(perMinute)} at most`];
  const draw: Count = drawn === null
    ? [null, "the room had no lobby"]
    : [drawn, `${plural(drawn, "fan")} in the published list`];
  const most = `${formatWhole(mostAdmitted)} of ${formatWhole(capacity)} at most`;
  const late = latePlaces === 0 ? "" : `; ${formatWhole(latePlaces)} polled late`;
  return {
    "L1": [samples.length, `${most}, ${plural(samples.length, "sample")}`],
    "L2": queueWasReset ? RESET : [inOrder, plural(inOrder, "place") + late],
    "L3": queueWasReset ? RESET : [figures.places, plural(figures.places, "place")],
    "L4": queueWasReset ? RESET : [waiting, `${plural(waiting, "answer")} WAITING`],
    "L6": queueWasReset ? RESET : room.wasChanged ? CHANGED : rate,
    "draw": room.wasChanged ? CHANGED : draw,
    "sold out": [soldOut, `${plural(soldOut, "answer")} SOLD_OUT`],
  } satisfies Partial<Record<Rule, Count>>;
}

function countBoxOffice({ records, logs, seatLimit }: Evidence) {
  const { sales, fans, concert } = records;
  const acknowledged = logs.reduce((sum, { purchases }) => sum + purchases.length, 0);
  const ofFan = Map.groupBy(sales, ({ userId, scheduleId }) => `${userId} ${scheduleId}`);
  const most = [...ofFan.values()].reduce((max, { length }) => Math.max(max, length), 0);
  return {
    "B1": [sales.length, `${plural(sales.length, "seat")} sold`],
    "B3": [fans.length, plural(fans.length, "balance")],
    "B4": [sales.length, `${plural(sales.length, "payment")} in the records`],
    "B5": [
      concert.schedules.length,
      `the concert, and ${plural(concert.schedules.length, "date")}`,
    ],
    "B7": [ofFan.size, `${formatWhole(most)} of ${formatWhole(seatLimit)} at most`],
    "records": [acknowledged, `${plural(acknowledged, "payment")} acknowledged`],
  } satisfies Partial<Record<Rule, Count>>;
}

function countAnswers({ endings }: Evidence, { calls }: Figures) {
  const answers = calls.reduce((sum, { count }) => sum + count, 0);
  return {
    "D3": [answers, plural(answers, "answer")],
    "contract": [answers, plural(answers, "answer")],
    "liveness": [endings.length, plural(endings.length, "fan")],
  } satisfies Partial<Record<Rule, Count>>;
}

/** Each law by name, with what was counted and how often it was broken. */
export function lawsOf(
  evidence: Evidence,
  figures: Figures,
  violations: readonly Violation[],
): Law[] {
  const counts: Readonly<Record<Rule, Count>> = {
    ...countLine(evidence, figures),
    ...countBoxOffice(evidence),
    ...countAnswers(evidence, figures),
  };
  return (Object.keys(SAYS) as Rule[]).map((rule) => {
    const [checked, counted] = counts[rule];
    const broken = violations.filter((violation) => violation.rule === rule).length;
    return { rule, says: SAYS[rule], checked, counted, broken };
  });
}
