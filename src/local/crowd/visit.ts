import type { StanchionClient } from "../../client/client.ts";
import type { Allowance, SomeSeats } from "./allowance.ts";

/** Of the demo sale. */
const ROOM = "main";
/** A fan looks at the seats before the hold, and at the sum before the payment. */
const LOOKS_MS = [700, 2_200] as const;
/** So many fans of a hundred give their seats back. */
const CHANGES_MIND = 0.2;
const MOST_SEATS = 3;
/** The front is liked best: above 1, low numbers are drawn more often. */
const LIKES_THE_FRONT = 1.5;

export interface VisitParts {
  readonly client: StanchionClient;
  readonly allowance: Allowance;
  /** Uniform in [0, 1). */
  readonly random: () => number;
  readonly sleep: (ms: number) => Promise<void>;
}

const between = (random: () => number, [low, high]: readonly [number, number]) =>
  low + random() * (high - low);

/** Any one of them; undefined where there is none. */
const oneOf = <Item>(items: readonly Item[], random: () => number): Item | undefined =>
  items[Math.floor(random() * items.length)];

interface Choice extends SomeSeats {
  readonly concertId: number;
  readonly seatIds: number[];
}

/** Neighbouring free seats on a date of a concert; null where there are none. */
async function choose({ client, random }: VisitParts): Promise<Choice | null> {
  const { data: list } = await client.GET("/v1/concerts");
  const concert = oneOf(list?.concerts.filter(({ room }) => room === ROOM) ?? [], random);
  if (!concert) return null;
  const { concertId } = concert;
  const dates = await client.GET("/v1/concerts/{concertId}/schedules", {
    params: { path: { concertId } },
  });
  const onSale = dates.data?.schedules.filter(({ status }) => status === "ON_SALE") ?? [];
  const scheduleId = oneOf(onSale, random)?.scheduleId;
  if (scheduleId === undefined) return null;
  const { data } = await client.GET("/v1/concerts/{concertId}/schedules/{scheduleId}/seats", {
    params: { path: { concertId, scheduleId } },
  });
  const seats = data?.seats ?? [];
  const free = seats.filter(({ status }) => status === "AVAILABLE");
  const wanted = 1 + Math.floor(random() * MOST_SEATS);
  const spots = Math.max(1, free.length - wanted + 1);
  const from = Math.floor(random() ** LIKES_THE_FRONT * spots);
  const seatIds = free.slice(from, from + wanted).map(({ seatId }) => seatId);
  const count = seatIds.length;
  return count === 0 ? null : { concertId, scheduleId, seatIds, count, outOf: seats.length };
}

/** Holds the seats, and pays for them. False where no seat is the fan's in the end. */
async function buy(choice: Choice, parts: VisitParts): Promise<boolean> {
  const { client, allowance, random, sleep } = parts;
  const { concertId, scheduleId, seatIds } = choice;
  const { data: held } = await client.hold({ concertId, scheduleId, seatIds });
  await sleep(between(random, LOOKS_MS));
  if (!held) return false;
  const reservationIds = held.reservations.map(({ reservationId }) => reservationId);
  if (random() >= CHANGES_MIND && allowance.mayBuy(choice)) {
    await client.charge({ amount: Math.max(held.totalPrice, 1) });
    if ((await client.pay({ reservationIds })).data) return true;
  }
  for (const reservationId of reservationIds) await client.cancel(reservationId);
  return false;
}

/** From the line to the way home: a fan joins, waits, looks, and buys seats or gives them back. */
export async function visit(parts: VisitParts): Promise<void> {
  const { client, allowance, random, sleep } = parts;
  const place = await client.joinQueue(ROOM);
  await place.admitted();
  const choice = await choose(parts);
  await sleep(between(random, LOOKS_MS));
  if (choice && allowance.take(choice) && !await buy(choice, parts)) allowance.giveBack(choice);
  // A payment has ended the place. Then this call changes nothing.
  await place.leave();
}
