import type { Held, Reservation, ScheduleAnswer, SeatAnswer } from "./answers.ts";
import { type Fan, type Scene, think } from "./fan.ts";
import { payFor } from "./till.ts";
import type { Answer, Call } from "./wire.ts";

/** Looks at the house, changes of mind and lapsed holds together, in one admission. */
const MAX_ROUNDS = 16;
/** What the greedy ask for: one more than the common limit. */
const GREEDY_WANTS = 5;
/** How long after its end a late payer tries to pay for a hold. */
const LATE_BY_MS = 300;
/** No fan waits for a hold to lapse longer than this; a server's holds may live for minutes. */
const LONGEST_DAWDLE_MS = 8_000;

export type ShopEnding =
  | "PAID"
  | "SOLD OUT"
  | "GAVE UP"
  | "NOT ADMITTED"
  | "WALKED AWAY"
  | "FAILED";

/** Either what was asked for, or why shopping is over. */
type Got<Value> = { readonly value: Value } | { readonly ending: ShopEnding };

function got<Body>(answer: Answer<Body> | null, scene: Scene, name: string): Got<Body> {
  if (!answer) return { ending: "FAILED" };
  if (answer.ok) return { value: answer.body };
  const { code } = answer.problem;
  if (code === "NOT_ADMITTED") return { ending: "NOT ADMITTED" };
  scene.seen.odd(`${name} was refused with ${answer.status} ${code}`);
  return { ending: "FAILED" };
}

/** A call from inside: as the fan, with the place. */
function inside(fan: Fan, call: Call): Call {
  return { ...call, bearer: fan.bearer, place: fan.token! };
}

async function look<Body>(fan: Fan, scene: Scene, name: string, path: string) {
  const call = inside(fan, { name, method: "GET", path });
  return got(await scene.wire.ask<Body>(call), scene, name);
}

/** The dates still on sale, the fan's favourite first; none when the concert is sold out. */
async function datesOnSale(fan: Fan, scene: Scene): Promise<Got<ScheduleAnswer[]>> {
  const list = await look<{ concerts: { concertId: number }[] }>(
    fan,
    scene,
    "concerts",
    "/v1/concerts",
  );
  if ("ending" in list) return list;
  const { concertId } = scene;
  if (!list.value.concerts.some((concert) => concert.concertId === concertId)) return { value: [] };
  const dates = await look<{ schedules: ScheduleAnswer[] }>(
    fan,
    scene,
    "schedules",
    `/v1/concerts/${concertId}/schedules`,
  );
  if ("ending" in dates) return dates;
  const { schedules } = dates.value;
  const favourite = Math.floor(fan.who.favouriteDate * schedules.length);
  const turned = [...schedules.slice(favourite), ...schedules.slice(0, favourite)];
  return { value: turned.filter(({ status }) => status === "ON_SALE") };
}

/** Seats side by side, or nearly, around the fan's favourite spot among those that are free. */
export function pickSeats(
  seats: readonly SeatAnswer[],
  wants: number,
  favouriteSpot: number,
): number[] {
  const free = seats.filter(({ status }) => status === "AVAILABLE")
    .sort((a, b) => a.seatNumber - b.seatNumber);
  const from = Math.floor(favouriteSpot * Math.max(0, free.length - wants + 1));
  return free.slice(from, from + wants).map(({ seatId }) => seatId);
}

type HoldEnding =
  | { readonly held: readonly Reservation[] }
  | "LOST THE RACE"
  | "OVER THE LIMIT"
  | ShopEnding;

async function hold(
  fan: Fan,
  scene: Scene,
  scheduleId: number,
  seatIds: number[],
): Promise<HoldEnding> {
  const { concertId, seen } = scene;
  for (const seatId of seatIds) {
    if (!seen.firstHolds.has(seatId)) seen.firstHolds.set(seatId, scene.now());
  }
  const answer = await scene.wire.ask<Held>(inside(fan, {
    name: "hold",
    method: "POST",
    path: "/v1/reservations",
    json: { concertId, scheduleId, seatIds },
  }));
  if (answer?.ok) return { held: answer.body.reservations };
  if (answer?.problem.code === "SEAT_UNAVAILABLE") {
    seen.count("races lost");
    return "LOST THE RACE";
  }
  if (answer?.problem.code === "SEAT_LIMIT_EXCEEDED") {
    seen.count("limit refusals");
    seen.limit = answer.problem.limit ?? null;
    return "OVER THE LIMIT";
  }
  const refused = got(answer, scene, "hold");
  return "ending" in refused ? refused.ending : "FAILED";
}

async function cancelAll(fan: Fan, scene: Scene, held: readonly Reservation[]): Promise<void> {
  for (const { reservationId } of held) {
    const answer = await scene.wire.ask<Reservation>({
      name: "cancel",
      method: "DELETE",
      path: `/v1/reservations/${reservationId}`,
      bearer: fan.bearer,
    });
    if (answer?.ok) continue;
    // A hold that lapsed meanwhile is as good as cancelled.
    scene.seen.odd(`a cancel was answered with ${answer?.status} ${answer?.problem.code}`);
  }
}

/** Finds seats and holds them. */
async function takeSeats(fan: Fan, scene: Scene, wants: number, spot: number): Promise<HoldEnding> {
  const dates = await datesOnSale(fan, scene);
  if ("ending" in dates) return dates.ending;
  if (dates.value.length === 0) return "SOLD OUT";
  for (const { scheduleId } of dates.value) {
    const map = await look<{ seats: SeatAnswer[] }>(
      fan,
      scene,
      "seats",
      `/v1/concerts/${scene.concertId}/schedules/${scheduleId}/seats`,
    );
    if ("ending" in map) return map.ending;
    const seatIds = pickSeats(map.value.seats, wants, spot);
    if (seatIds.length === 0) continue;
    await think(fan, scene);
    return await hold(fan, scene, scheduleId, seatIds);
  }
  return "LOST THE RACE"; // everything is held by others: some of it may come back
}

/** Lets a hold run out, as people do who look for their card. */
async function dawdle(scene: Scene, held: readonly Reservation[]): Promise<void> {
  const endsAtMs = Math.max(...held.map(({ expiresAt }) => Date.parse(expiresAt)));
  const ms = endsAtMs - scene.wallClock() + LATE_BY_MS;
  await scene.stopper.sleep(Math.max(0, Math.min(ms, LONGEST_DAWDLE_MS)));
}

/** What an admitted fan does until the tickets are bought, or there are none, or patience ends. */
export async function shop(fan: Fan, scene: Scene, firstVisit: boolean): Promise<ShopEnding> {
  const { who, dice } = fan;
  const { seen } = scene;
  let wants = who.greedy ? GREEDY_WANTS : who.wants;
  let patience = who.patience;
  let changesSeats = firstVisit && who.changesSeats;
  let paysLate = firstVisit && who.paysLate;
  let spot = who.favouriteSpot;
  for (let round = 0; round < MAX_ROUNDS && patience > 0; round++) {
    const taken = await takeSeats(fan, scene, wants, spot);
    if (taken === "LOST THE RACE") {
      patience--;
      spot = dice.between(0, 1);
      await think(fan, scene);
      continue;
    }
    if (taken === "OVER THE LIMIT") {
      if (!firstVisit) return "GAVE UP";
      wants = who.wants;
      patience--;
      continue;
    }
    if (typeof taken === "string") return taken;
    await think(fan, scene);
    if (firstVisit && who.walksAway) return "WALKED AWAY";
    if (changesSeats) {
      changesSeats = false;
      seen.count("seats changed");
      await cancelAll(fan, scene, taken.held);
      spot = dice.between(0, 1);
      continue;
    }
    if (paysLate) {
      paysLate = false;
      await dawdle(scene, taken.held);
    }
    const paid = await payFor(fan, scene, taken.held);
    if (paid === "PAID") return "PAID";
    if (paid === "FAILED") return "FAILED";
    seen.count("holds lapsed");
    patience--;
  }
  return "GAVE UP";
}
