import assert from "node:assert/strict";
import { type ApiBox, newFan, type Received } from "../support/api_box.ts";
import { charge, holdSeats, putOnSale } from "../support/sale.ts";
import type { Scenario } from "./scenario.ts";

interface Trips {
  readonly redis: number;
  readonly postgres: number;
}

/** The round trips in the `Server-Timing` of an answer. */
export function trips({ headers }: Received): Trips {
  const timing = headers.get("Server-Timing")!;
  const of = (store: string) =>
    Number(new RegExp(`${store};desc="(\\d+)";dur=[\\d.]+`).exec(timing)![1]);
  return { redis: of("redis"), postgres: of("postgres") };
}

/** What each call may cost, and what it did cost by its own answer. */
async function costs(box: ApiBox): Promise<{ name: string; may: Trips; did: Trips }[]> {
  const { call } = box;
  const fan = newFan("a");
  const sale = await putOnSale(box);
  const { scheduleId, seatIds } = sale.schedules[0]!;
  const place = await box.join(fan);
  const dates = `/v1/concerts/${sale.concertId}/schedules`;
  const ofSeats = (view: string) => `${dates}/${scheduleId}/${view}`;
  const kept = [
    ["list", "/v1/concerts"],
    ["schedules", dates],
    ...["seats", "seat-map", "seat-statuses"].flatMap((view) =>
      ["", "?section=A"].map((query) => [view + query, ofSeats(view + query)] as const)
    ),
  ] as const;
  await charge(box, fan, 10_000);
  const [id, other] = await holdSeats(box, fan, place, sale, seatIds.slice(0, 2));

  let code = "";
  const line = { redis: 1, postgres: 0 };
  const cached = { redis: 1, postgres: 0 };
  const uncached = { redis: 1, postgres: 1 };
  const own = { redis: 0, postgres: 1 };
  const none = { redis: 0, postgres: 0 };
  type Act = [string, Trips, () => Promise<Received>];
  const acts: Act[] = [
    ["join", line, () => call("POST", "/v1/queue/tokens", { fan: "b" })],
    ["join again", line, () => call("POST", "/v1/queue/tokens", { fan })],
    ["poll", line, () => call("GET", "/v1/queue/tokens/me", { place })],
    ["counts", line, () => call("GET", "/v1/queue")],
    ...kept.map(([name, path]): Act => [`${name}, cached`, cached, async () => {
      // In Redis a snapshot ends by the real time, and an act before may have evicted a list.
      await call("GET", path, { fan, place });
      await box.settle();
      return await call("GET", path, { fan, place });
    }]),
    ["hold", uncached, () =>
      call("POST", "/v1/reservations", {
        fan,
        place,
        json: { concertId: sale.concertId, scheduleId, seatIds: [seatIds[2]] },
      })],
    ["cancel", own, () => call("DELETE", `/v1/reservations/${other}`, { fan })],
    ["own reservations", own, () => call("GET", "/v1/reservations", { fan })],
    ["balance", own, () => call("GET", "/v1/balance", { fan })],
    [
      "charge",
      own,
      () => call("POST", "/v1/balance/charges", { fan, key: "c", json: { amount: 1 } }),
    ],
    [
      "pay",
      own,
      () => call("POST", "/v1/payments", { fan, key: "p", json: { reservationIds: [id] } }),
    ],
    ["own payments", own, () => call("GET", "/v1/payments", { fan })],
    ["own tickets", own, async () => {
      const answer = await call("GET", "/v1/tickets", { fan });
      code = answer.body.items[0].code;
      return answer;
    }],
    ["check-in", own, () => call("POST", "/v1/admin/checkins", { operator: true, json: { code } })],
    [
      "forged code",
      none,
      () => call("POST", "/v1/admin/checkins", { operator: true, json: { code: `${code}A` } }),
    ],
    ["leave", line, () => call("DELETE", "/v1/queue/tokens/me", { place })],
    ["list, gone", line, () => call("GET", "/v1/concerts", { fan, place })],
    ["bad signature", none, () => call("GET", "/v1/queue/tokens/me", { place: "x.y.z" })],
    ["no such path", none, () => call("GET", "/nothing")],
  ];
  const counted = [];
  for (const [name, may, act] of acts) {
    // What follows the answer is not part of it, and may run while the answer is read.
    counted.push({ name, may, did: trips(await act()) });
    await box.settle();
  }
  return counted;
}

export function roundTripScenarios(test: Scenario): void {
  test("each call costs the round trips it may cost", async (open) => {
    await costs(await open()); // The first use of a script costs one round trip more.
    for (const { name, may, did } of await costs(await open())) assert.deepEqual(did, may, name);
  });
}
