import assert from "node:assert/strict";
import pLimit from "p-limit";
import { rushConcertBody } from "../../src/tools/load_test/operator/rush_concert.ts";
import type { Answers } from "./answers.ts";
import { createShoppers, type Sale, type Shopper } from "./shoppers.ts";

export const ADMIN_TOKEN = "o".repeat(32);
export const USER_JWT_SECRET = "u".repeat(32);
export const SEAT_LIMIT = 100;
const CHARGED = 10_000_000;
const SOCKETS = 16;

async function call(base: string, bearer: string, path: string, init: RequestInit = {}) {
  const response = await fetch(base + path, {
    ...init,
    headers: {
      ...init.headers,
      Authorization: `Bearer ${bearer}`,
      ...(init.body ? { "Content-Type": "application/json" } : {}),
    },
  });
  const text = await response.text();
  assert.ok(response.ok, `${path}: ${response.status} ${text}`);
  return JSON.parse(text);
}

/** A concert of one schedule in the main room, and fans with money. */
export async function openSale(
  base: string,
  answers: Answers,
  { fans, seats, random }: {
    readonly fans: number;
    readonly seats: number;
    readonly random: () => number;
  },
): Promise<{ readonly sale: Sale; readonly shoppers: readonly Shopper[] }> {
  const body = rushConcertBody(seats, "main", Date.now());
  const schedule = { ...body.schedules[0]!, seats: body.schedules.flatMap((each) => each.seats) };
  const numbered = schedule.seats.map((seat, index) => ({ ...seat, seatNumber: index + 1 }));
  const created = await call(base, ADMIN_TOKEN, "/v1/admin/concerts", {
    method: "POST",
    body: JSON.stringify({
      ...body,
      schedules: [{
        ...schedule,
        seats: numbered.map(({ seatNumber, price }) => ({ seatNumber, price })),
      }],
    }),
  });
  const [{ scheduleId, seats: made }] = created.schedules;
  const seatIds = made.map(({ seatId }: { seatId: number }) => seatId);
  const shoppers = await createShoppers(fans, USER_JWT_SECRET);
  const limit = pLimit(SOCKETS);
  await Promise.all(
    shoppers.map(({ name }) =>
      limit(() =>
        call(base, ADMIN_TOKEN, "/v1/admin/balance/charges", {
          method: "POST",
          headers: { "Idempotency-Key": `charge-${name}` },
          body: JSON.stringify({ userId: name, amount: CHARGED }),
        })
      )
    ),
  );
  const { concertId } = created;
  const sale = { base, concertId, scheduleId, seatIds, seatLimit: SEAT_LIMIT, answers, random };
  return { sale, shoppers };
}

/** What is wrong with the money and the seats after the crowd has gone. */
export async function auditSale(
  { base, concertId, answers: { payments } }: Sale,
  shoppers: readonly Shopper[],
): Promise<string[]> {
  const faults: string[] = [];
  const concert = await call(base, ADMIN_TOKEN, `/v1/admin/concerts/${concertId}`);
  const [{ seatCount, seatsLeft, revenue }] = concert.schedules;
  const sold = seatCount - seatsLeft;
  if (payments === 0) faults.push("nobody bought anything");
  if (sold < payments) {
    faults.push(`${payments} payments were acknowledged, and ${sold} seats sold`);
  }
  const limit = pLimit(SOCKETS);
  const balances = await Promise.all(
    shoppers.map(({ bearer }) => limit(() => call(base, bearer, "/v1/balance"))),
  );
  const left = balances.reduce((sum, { balance }) => sum + balance, 0);
  if (balances.some(({ balance }) => balance < 0)) faults.push("a balance is below zero");
  const spent = shoppers.length * CHARGED - left;
  if (spent !== revenue) faults.push(`fans spent ${spent}, and the revenue is ${revenue}`);
  return faults;
}
