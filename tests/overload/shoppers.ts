import { createSignIn } from "../../src/local/sign_in.ts";
import type { FanId } from "../../src/domain/ids.ts";
import type { Answers } from "./answers.ts";

/** One fan of the crowd; `busy` while a call of this fan is in the air. */
export interface Shopper {
  readonly name: string;
  readonly bearer: string;
  busy: boolean;
  token: string | null;
  isAdmitted: boolean;
  /** Reservations that are held, as far as the answers say. */
  held: readonly string[];
  bought: number;
}

export interface Sale {
  readonly base: string;
  readonly concertId: number;
  readonly scheduleId: number;
  readonly seatIds: readonly number[];
  readonly seatLimit: number;
  readonly answers: Answers;
  readonly random: () => number;
}

interface Call {
  readonly method: "GET" | "POST" | "DELETE";
  readonly path: string;
  readonly json?: unknown;
  /** Refusals that are right in some state of this fan. */
  readonly refusals: readonly string[];
}

const SHARE_LEAVING = 0.1;
const SHARE_PAYING = 0.3;

export async function createShoppers(count: number, secret: string): Promise<Shopper[]> {
  const sign = createSignIn({ kind: "SECRET", secrets: [secret] }, Date.now);
  return await Promise.all(Array.from({ length: count }, async (_, index) => {
    const name = `fan-${index + 1}`;
    const bearer = await sign(name as FanId);
    return { name, bearer, busy: false, token: null, isAdmitted: false, held: [], bought: 0 };
  }));
}

/** The next call of a fan, who asks again at once whatever the answer before said. */
export async function step(sale: Sale, shopper: Shopper): Promise<void> {
  if (shopper.token === null) return await join(sale, shopper);
  if (!shopper.isAdmitted) return await wait(sale, shopper);
  if (shopper.held.length > 0) return await payOrCancel(sale, shopper);
  const { random, seatLimit } = sale;
  if (shopper.bought >= seatLimit || random() < SHARE_LEAVING) return await leave(sale, shopper);
  return random() < 0.5 ? await look(sale, shopper) : await hold(sale, shopper);
}

async function join(sale: Sale, shopper: Shopper): Promise<void> {
  const joined = await send(sale, shopper, {
    method: "POST",
    path: "/v1/queue/tokens",
    refusals: [],
  });
  if (!joined) return;
  shopper.token = joined.token as string;
  shopper.isAdmitted = joined.state === "ADMITTED";
}

async function wait(sale: Sale, shopper: Shopper): Promise<void> {
  const line = await send(sale, shopper, {
    method: "GET",
    path: "/v1/queue/tokens/me",
    refusals: [],
  });
  if (!line) return;
  if (typeof line.token === "string") shopper.token = line.token;
  shopper.isAdmitted = line.state === "ADMITTED";
  if (line.state === "GONE") shopper.token = null;
}

async function look(sale: Sale, shopper: Shopper): Promise<void> {
  const { concertId, scheduleId } = sale;
  const path = `/v1/concerts/${concertId}/schedules/${scheduleId}/seat-statuses`;
  await send(sale, shopper, { method: "GET", path, refusals: ["NOT_ADMITTED"] });
}

async function hold(sale: Sale, shopper: Shopper): Promise<void> {
  const { concertId, scheduleId, seatIds, random } = sale;
  const seatId = seatIds[Math.floor(random() * seatIds.length)]!;
  const answer = await send(sale, shopper, {
    method: "POST",
    path: "/v1/reservations",
    json: { concertId, scheduleId, seatIds: [seatId] },
    refusals: ["NOT_ADMITTED", "SEAT_UNAVAILABLE", "SEAT_LIMIT_EXCEEDED"],
  });
  if (!answer) return;
  const reservations = answer.reservations as { reservationId: string }[];
  shopper.held = reservations.map(({ reservationId }) => reservationId);
}

async function payOrCancel(sale: Sale, shopper: Shopper): Promise<void> {
  const [reservationId] = shopper.held;
  shopper.held = [];
  const refusals = ["RESERVATION_NOT_PAYABLE", "RESERVATION_NOT_CANCELLABLE"];
  if (sale.random() >= SHARE_PAYING) {
    const path = `/v1/reservations/${reservationId}`;
    await send(sale, shopper, { method: "DELETE", path, refusals });
    return;
  }
  const answer = await send(sale, shopper, {
    method: "POST",
    path: "/v1/payments",
    json: { reservationIds: [reservationId] },
    refusals,
  }, { "Idempotency-Key": `pay-${reservationId}` });
  if (!answer) return;
  sale.answers.payments++;
  shopper.bought++;
  // Who paid leaves the line, and may join again.
  shopper.token = null;
  shopper.isAdmitted = false;
}

async function leave(sale: Sale, shopper: Shopper): Promise<void> {
  await send(sale, shopper, { method: "DELETE", path: "/v1/queue/tokens/me", refusals: [] });
  shopper.token = null;
  shopper.isAdmitted = false;
}

/** The body of a success; null for a refusal, or when no answer came. */
async function send(
  { base, answers }: Sale,
  shopper: Shopper,
  { method, path, json, refusals }: Call,
  headers: Record<string, string> = {},
): Promise<Record<string, unknown> | null> {
  const answer = await answers.take(base + path, {
    method,
    headers: {
      ...headers,
      Authorization: `Bearer ${shopper.bearer}`,
      ...(shopper.token ? { "Queue-Token": shopper.token } : {}),
      ...(json === undefined ? {} : { "Content-Type": "application/json" }),
    },
    body: json === undefined ? null : JSON.stringify(json),
  }, refusals);
  if (answer.code === "NOT_ADMITTED") shopper.isAdmitted = false;
  return answer.body;
}
