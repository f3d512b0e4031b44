import type {
  Concerts,
  HoldAnswer,
  Reservation,
  ScheduleAnswer,
  SeatAnswer,
} from "../api/answers.ts";
import { type Answer, type Call, describeAnswer } from "../api/call.ts";
import type { Fan, SaleContext } from "./fan.ts";

/** Pages of the list of concerts that a fan reads. */
const MAX_PAGES = 100;

/** Why a call ended the visit. */
export type CallEnding = "NOT ADMITTED" | "REFUSED";

export type HoldEnding = CallEnding | "LOST THE RACE" | "OVER THE LIMIT";

/** The value, or why there is none. */
export type Outcome<Value, Reason = CallEnding> =
  | { readonly value: Value }
  | { readonly ending: Reason };

function outcomeOf<Body>(
  answer: Answer<Body>,
  { observations }: SaleContext,
  callName: string,
): Outcome<Body> {
  if (answer.ok) return { value: answer.body };
  if (answer.problem.code === "NOT_ADMITTED") return { ending: "NOT ADMITTED" };
  observations.addContractFault(
    `a call of ${callName} was answered with ${describeAnswer(answer)}`,
  );
  return { ending: "REFUSED" };
}

function asAdmitted(fan: Fan, call: Call): Call {
  return { ...call, bearer: fan.bearer, queueToken: fan.queueToken! };
}

async function read<Body>(fan: Fan, context: SaleContext, name: string, path: string) {
  const call = asAdmitted(fan, { name, method: "GET", path });
  return outcomeOf(await context.client.send<Body>(call), context, name);
}

/** Whether the list of concerts names the one of this rush. */
async function isListed(fan: Fan, context: SaleContext): Promise<Outcome<boolean>> {
  let query = "";
  for (let page = 0; page < MAX_PAGES; page++) {
    const list = await read<Concerts>(fan, context, "concerts", `/v1/concerts${query}`);
    if ("ending" in list) return list;
    const { concerts, nextCursor } = list.value;
    if (concerts.some(({ concertId }) => concertId === context.concertId)) return { value: true };
    if (!nextCursor) return { value: false };
    query = `?cursor=${encodeURIComponent(nextCursor)}`;
  }
  return { value: false };
}

/** The schedules on sale, the fan's favourite first. Empty when the concert is sold out. */
export async function readSchedulesOnSale(
  fan: Fan,
  context: SaleContext,
): Promise<Outcome<ScheduleAnswer[]>> {
  const listed = await isListed(fan, context);
  if ("ending" in listed) return listed;
  if (!listed.value) return { value: [] };
  const path = `/v1/concerts/${context.concertId}/schedules`;
  const list = await read<{ schedules: ScheduleAnswer[] }>(fan, context, "schedules", path);
  if ("ending" in list) return list;
  const { schedules } = list.value;
  const favourite = Math.floor(fan.traits.favouriteSchedule * schedules.length);
  const rotated = [...schedules.slice(favourite), ...schedules.slice(0, favourite)];
  return { value: rotated.filter(({ status }) => status === "ON_SALE") };
}

export async function readSeats(
  fan: Fan,
  context: SaleContext,
  scheduleId: number,
): Promise<Outcome<readonly SeatAnswer[]>> {
  const path = `/v1/concerts/${context.concertId}/schedules/${scheduleId}/seats`;
  const map = await read<{ seats: SeatAnswer[] }>(fan, context, "seats", path);
  return "ending" in map ? map : { value: map.value.seats };
}

export async function holdSeats(
  fan: Fan,
  context: SaleContext,
  scheduleId: number,
  seatIds: readonly number[],
): Promise<Outcome<readonly Reservation[], HoldEnding>> {
  const { client, concertId, observations, now } = context;
  const { firstHolds } = observations;
  for (const seatId of seatIds) if (!firstHolds.has(seatId)) firstHolds.set(seatId, now());
  const answer = await client.send<HoldAnswer>(asAdmitted(fan, {
    name: "hold",
    method: "POST",
    path: "/v1/reservations",
    json: { concertId, scheduleId, seatIds },
  }));
  if (answer.ok) return { value: answer.body.reservations };
  if (answer.problem.code === "SEAT_UNAVAILABLE") {
    observations.count("races lost");
    return { ending: "LOST THE RACE" };
  }
  if (answer.problem.code === "SEAT_LIMIT_EXCEEDED") {
    observations.count("limit refusals");
    observations.seatLimit = answer.problem.limit ?? null;
    return { ending: "OVER THE LIMIT" };
  }
  const refusal = outcomeOf(answer, context, "hold");
  return "ending" in refusal ? refusal : { ending: "REFUSED" };
}

/** Cancelling a hold that lapsed meanwhile is a success, too. */
export async function cancelHolds(
  fan: Fan,
  { client, observations }: SaleContext,
  holds: readonly Reservation[],
): Promise<void> {
  for (const { reservationId } of holds) {
    const answer = await client.send<Reservation>({
      name: "cancel",
      method: "DELETE",
      path: `/v1/reservations/${reservationId}`,
      bearer: fan.bearer,
    });
    if (answer.ok) continue;
    observations.addContractFault(`a cancel was answered with ${describeAnswer(answer)}`);
  }
}
