import type { Sending } from "./acts.ts";
import { checkAnswer, type Question, questionNow } from "./cache_laws.ts";
import { challengeFor, hearsChallenge } from "./challenges.ts";
import { checkAdmission } from "./door_laws.ts";
import { dateOf, type Fan, type Hold } from "./fans.ts";
import { beginsToAsk, hears, RETRY_MS } from "./line_answers.ts";
import { checkEnded } from "./place_laws.ts";
import type { Work } from "./scheduler.ts";
import type { Received, Sent, World } from "./world.ts";

type How = Pick<Sending, "isolate" | "fates">;
type Move = (world: World, fan: Fan, whim: number) => Sent;

/** After so many acts inside a fan leaves. */
const MOST_VISITS = 6;
/** A visitor who fails the challenge tries again, so often. */
const MOST_JOINS = 4;

async function asksLine(
  world: World,
  fan: Fan,
  how: How,
  sent: Pick<Sent, "name" | "method" | "path" | "json" | "answer">,
): Promise<Work> {
  const token = fan.token;
  // If nothing is heard of it, the fan calls again.
  fan.nextMs = fan.isAbsent ? Infinity : world.clock() + RETRY_MS;
  return await world.send({
    ...sent,
    fan,
    place: token,
    begin: (work) => beginsToAsk(world, fan, work),
    answer(received, work) {
      sent.answer?.(received, work);
      hears(world, fan, token, received, work);
    },
  }, how);
}

function joins(world: World, fan: Fan, how: How): Promise<Work> {
  const challengeToken = challengeFor(world, fan);
  return asksLine(world, fan, how, {
    name: `${fan.name} joins ${fan.room.room}`,
    method: "POST",
    path: "/v1/queue/tokens",
    json: { room: fan.room.room, ...challengeToken === null ? {} : { challengeToken } },
    answer: (received, work) => hearsChallenge(world, fan, challengeToken, received, work),
  });
}

const polls = (world: World, fan: Fan, how: How) =>
  asksLine(world, fan, how, {
    name: `${fan.name} polls`,
    method: "GET",
    path: "/v1/queue/tokens/me",
  });

const leaves = (world: World, fan: Fan, how: How) =>
  asksLine(world, fan, how, {
    name: `${fan.name} leaves`,
    method: "DELETE",
    path: "/v1/queue/tokens/me",
  });

/** A refusal of the admission says how the fan stands. */
function refusedOf(fan: Fan, world: World, { status, body }: Received): void {
  if (status !== 403 || body.code !== "NOT_ADMITTED") return;
  fan.state = body.line.state === "GONE" ? "OUT" : "WAITING";
  if (body.line.reason === "LINE_RESET") fan.state = "RESET";
  if (fan.state === "OUT") fan.token = null;
  fan.nextMs = fan.isAbsent ? Infinity : world.clock() + RETRY_MS;
}

function looks(world: World, fan: Fan, question: Question, path: string): Sent {
  const now = questionNow(world, question);
  const sent: Sent = {
    name: `${fan.name} looks at ${question.kind} ${question.id ?? ""}`.trim(),
    method: "GET",
    path,
    fan,
    place: fan.token,
    answer(received, work) {
      refusedOf(fan, world, received);
      checkAdmission(world, sent, received, work);
      checkAnswer(world, now, received);
    },
  };
  return sent;
}

const LOOKS: readonly Move[] = [
  (world, fan) => looks(world, fan, { kind: "concerts", id: null }, "/v1/concerts"),
  (world, fan, whim) => {
    const { concertId } = dateOf(fan, whim);
    const path = `/v1/concerts/${concertId}/schedules`;
    return looks(world, fan, { kind: "schedules", id: concertId }, path);
  },
  (world, fan, whim) => {
    const { concertId, scheduleId } = dateOf(fan, whim);
    const path = `/v1/concerts/${concertId}/schedules/${scheduleId}/seat-statuses`;
    return looks(world, fan, { kind: "statuses", id: scheduleId }, path);
  },
];

function holds(world: World, fan: Fan, whim: number): Sent {
  const { concertId, scheduleId, seatIds } = dateOf(fan, whim);
  const quantity = 1 + whim % 2;
  const seats = [...seatIds, ...seatIds].slice(whim % seatIds.length).slice(0, quantity);
  const place = fan.token!;
  const isBest = whim % 3 === 0;
  const sent: Sent = {
    name: `${fan.name} holds ${isBest ? `the best ${quantity}` : "seats"} of date ${scheduleId}`,
    method: "POST",
    path: "/v1/reservations",
    fan,
    place,
    key: world.newKey(),
    json: {
      concertId,
      scheduleId,
      ...isBest ? { bestAvailable: { quantity } } : { seatIds: [...new Set(seats)] },
    },
    answer(received, work) {
      refusedOf(fan, world, received);
      checkAdmission(world, sent, received, work);
      if (received.status !== 201) return;
      for (const { reservationId, price } of received.body.reservations) {
        if (fan.holds.some((hold) => hold.reservationId === reservationId)) continue;
        fan.holds.push({ reservationId, scheduleId, price, place });
      }
    },
  };
  return sent;
}

export function paysFor(world: World, fan: Fan, paid: readonly Hold[]): Sent {
  const reservationIds = paid.map(({ reservationId }) => reservationId);
  let isPaid = false;
  return {
    name: `${fan.name} pays ${reservationIds.join(" and ")}`,
    method: "POST",
    path: "/v1/payments",
    fan,
    key: world.newKey(),
    json: { reservationIds },
    answer({ status, body, isBeforeRestore }) {
      if (status === 503) return;
      fan.holds = fan.holds.filter((hold) => !paid.includes(hold));
      if (status !== 201) return;
      isPaid = true;
      for (const { paymentId, reservationId } of body.payments) {
        if (fan.bought.some((one) => one.paymentId === paymentId)) continue;
        fan.bought.push({ paymentId, reservationId });
        if (!isBeforeRestore) world.money.paid(paymentId);
      }
    },
    end: async (work) => isPaid ? await checkEnded(world, work, paid) : undefined,
  };
}

function charges(world: World, fan: Fan): Sent {
  const amount = world.money.newAmount();
  return {
    name: `${fan.name} charges ${amount}`,
    method: "POST",
    path: "/v1/balance/charges",
    fan,
    key: world.newKey(),
    json: { amount },
    answer: ({ status, isBeforeRestore }) => {
      if (status === 201 && !isBeforeRestore) world.money.charged(fan.name, amount);
    },
  };
}

const OTHERS: readonly Move[] = [
  (world, fan) => charges(world, fan),
  (_, fan) => reads(fan, "reservations", "/v1/reservations"),
  (_, fan) => reads(fan, "balance", "/v1/balance"),
  (_, fan) => reads(fan, "tickets", "/v1/tickets"),
  (world, fan, whim) => {
    const hold = fan.holds[whim % fan.holds.length];
    return hold ? cancels(fan, hold) : charges(world, fan);
  },
  (world, fan, whim) => {
    const { paymentId } = fan.bought[whim % fan.bought.length] ?? {};
    return paymentId ? refunds(fan, paymentId) : charges(world, fan);
  },
];

function reads(fan: Fan, what: string, path: string): Sent {
  return { name: `${fan.name} reads their ${what}`, method: "GET", path, fan };
}

function cancels(fan: Fan, hold: Hold): Sent {
  return {
    name: `${fan.name} cancels ${hold.reservationId}`,
    method: "DELETE",
    path: `/v1/reservations/${hold.reservationId}`,
    fan,
    answer: ({ status }) => {
      if (status !== 503) fan.holds = fan.holds.filter((other) => other !== hold);
    },
  };
}

function refunds(fan: Fan, paymentId: string): Sent {
  return {
    name: `${fan.name} has ${paymentId} refunded`,
    method: "POST",
    path: `/v1/payments/${paymentId}/refunds`,
    fan,
  };
}

/** A fan who comes anew looks at all that the room has, if there is a way in. */
export async function looksAround(world: World, fan: Fan, how: How): Promise<void> {
  for (let join = 0; join < MOST_JOINS && fan.token === null; join++) {
    await joins(world, fan, how);
    await world.scheduler.drain();
  }
  for (const [kind, look] of LOOKS.entries()) {
    for (const date of kind === 0 ? [0] : fan.room.dates.keys()) {
      if (fan.state !== "ADMITTED") return;
      await world.send(look(world, fan, date), how);
      await world.scheduler.drain();
    }
  }
}

/** The fan does what comes next. */
export async function moves(world: World, fan: Fan, whim: number, how: How): Promise<Work> {
  if (!fan.isAbsent && fan.token !== null) fan.nextMs = world.clock() + RETRY_MS;
  if (fan.token === null || fan.state === "RESET") {
    // A buyer who is outside may still pay, or have a payment refunded.
    if (whim % 3 === 0 && fan.holds.length > 0) return await act(world, fan, whim, how);
    if (whim % 4 === 1 && fan.bought.length > 0) return await does(world, fan, OTHERS, whim, how);
    return await joins(world, fan, how);
  }
  if (fan.state !== "ADMITTED") {
    return whim % 12 === 7 ? await leaves(world, fan, how) : await polls(world, fan, how);
  }
  return await act(world, fan, whim, how);
}

async function act(world: World, fan: Fan, whim: number, how: How): Promise<Work> {
  const number = whim >> 3;
  fan.nextMs = fan.isAbsent ? Infinity : world.clock() + 1_000 + Math.floor(world.random() * 5_000);
  if (fan.token !== null && ++fan.visits > MOST_VISITS) return await leaves(world, fan, how);
  if (fan.holds.length > 0 && whim % 8 < 5) {
    const paid = number % 3 === 0 ? fan.holds.slice(0, 1) : fan.holds;
    return await world.send(paysFor(world, fan, paid), how);
  }
  if (whim % 8 < 2 || fan.token === null) return await does(world, fan, OTHERS, number, how);
  if (whim % 8 < 5) return await does(world, fan, LOOKS, number, how);
  return await world.send(holds(world, fan, number), how);
}

function does(world: World, fan: Fan, list: readonly Move[], whim: number, how: How) {
  const move = list[whim % list.length]!;
  return world.send(move(world, fan, Math.floor(whim / list.length)), how);
}
