import type { RemoteBox, Requests } from "../support/remote_box.ts";
import { newFan, type Received } from "../support/api_box.ts";
import { charge, holdSeats, pay, putOnSale } from "../support/sale.ts";

export interface Cost extends Requests {
  /** Requests that follow the answer. */
  readonly after: Requests;
}

export type Act = () => Promise<Received>;
export type Route = readonly [name: string, status: number, may: Cost, act: Act];

export const cost = (
  redis: number,
  postgres: number,
  redisAfter = 0,
  postgresAfter = 0,
): Cost => ({
  redis,
  postgres,
  after: { redis: redisAfter, postgres: postgresAfter },
});
const FREE = cost(0, 0);
const LINE = cost(1, 0);
const CACHED = cost(1, 0);
/** Of statuses and of the map each as COLD; the fill of the statuses does not wait for the map. */
export const COLD_SEATS = cost(4, 2, 1);
const KNOWN = cost(1, 0);
const OWN = cost(0, 1);
const HOLD = cost(1, 1);
/** Asking, taking the lease, loading; the fill follows. */
export const COLD = cost(2, 1, 1);

/** Every route that a sale needs, in its order, and what it may cost. */
export async function routes(box: RemoteBox, resetCounts: () => void): Promise<Route[]> {
  const { call } = box;
  const [fan, other] = [newFan("a"), newFan("b")];
  const sale = await putOnSale(box, { dates: [4, 1] });
  const [date, small] = sale.schedules;
  const concert = `/v1/admin/concerts/${sale.concertId}`;
  const dates = `/v1/concerts/${sale.concertId}/schedules`;
  await charge(box, fan, 100_000);
  const seats = { concertId: sale.concertId, scheduleId: date!.scheduleId };
  const hold = (seatIds: readonly number[]) => ({ ...seats, seatIds });
  let place = "";
  let held: string[] = [];
  let version = "";
  let ticket = { ticketId: "", code: "" };
  const mine = () => ({ fan, place });
  const paid = async (ids: readonly string[]) => await pay(box, fan, ids);
  const get = (path: string, sent = {}) => call("GET", path, sent);
  const operator = { operator: true } as const;
  /** The second of two reads: in Redis a snapshot ends by the real time, too. */
  async function again(view: string, headers: Record<string, string> = {}): Promise<Received> {
    const read = () => get(`${dates}/${date!.scheduleId}/${view}`, { ...mine(), headers });
    await read();
    await box.settle();
    resetCounts();
    return await read();
  }

  return [
    ["POST /v1/queue/tokens, new", 201, LINE, async () => {
      const joined = await call("POST", "/v1/queue/tokens", { fan });
      place = joined.body.token;
      return joined;
    }],
    ["POST /v1/queue/tokens, again", 200, LINE, () => call("POST", "/v1/queue/tokens", { fan })],
    ["GET /v1/queue/tokens/me", 200, LINE, () => get("/v1/queue/tokens/me", { place })],
    ["GET /v1/queue", 200, LINE, () => get("/v1/queue")],
    ["GET /v1/concerts, cold", 200, COLD, () => get("/v1/concerts", mine())],
    ["GET /v1/concerts", 200, CACHED, () => get("/v1/concerts", mine())],
    ["GET …/schedules, cold", 200, COLD, () => get(dates, mine())],
    ["GET …/schedules", 200, CACHED, () => get(dates, mine())],
    ["GET …/seats, cold", 200, COLD_SEATS, async () => {
      const answer = await get(`${dates}/${date!.scheduleId}/seats`, mine());
      version = answer.headers.get("ETag")!;
      return answer;
    }],
    ["GET …/seats", 200, CACHED, () => again("seats")],
    ["GET …/seat-map", 200, CACHED, () => again("seat-map")],
    ["GET …/seat-statuses", 200, CACHED, () => again("seat-statuses")],
    ["GET …/seats, known", 304, KNOWN, () => {
      const headers = { "If-None-Match": version };
      return again("seats", headers);
    }],
    ["POST /v1/reservations", 201, HOLD, async () => {
      const json = hold(date!.seatIds.slice(0, 3));
      const answer = await call("POST", "/v1/reservations", { ...mine(), json });
      held = answer.body.reservations.map(({ reservationId }: never) => reservationId);
      return answer;
    }],
    ["GET /v1/reservations", 200, OWN, () => get("/v1/reservations", { fan })],
    [
      "DELETE /v1/reservations/{id}",
      200,
      OWN,
      () => call("DELETE", `/v1/reservations/${held[2]}`, { fan }),
    ],
    ["GET /v1/balance", 200, OWN, () => get("/v1/balance", { fan })],
    [
      "POST /v1/balance/charges",
      201,
      OWN,
      () => call("POST", "/v1/balance/charges", { fan, key: "c", json: { amount: 1 } }),
    ],
    ["POST /v1/payments", 201, cost(0, 1, 1), () => paid(held.slice(0, 1))],
    ["POST /v1/payments, repeated", 201, cost(0, 1, 1), () => paid(held.slice(0, 1))],
    ["GET /v1/payments", 200, OWN, () => get("/v1/payments", { fan })],
    ["GET /v1/payments/{id}", 200, OWN, async () => {
      const { body } = await paid(held.slice(0, 1));
      await box.settle();
      resetCounts();
      return await get(`/v1/payments/${body.payments[0].paymentId}`, { fan });
    }],
    ["GET /v1/tickets", 200, OWN, async () => {
      const answer = await get("/v1/tickets", { fan });
      ticket = answer.body.items[0];
      return answer;
    }],
    ["GET /v1/tickets/{id}", 200, OWN, () => get(`/v1/tickets/${ticket.ticketId}`, { fan })],
    [
      "GET /v1/tickets/{id}/qr.svg",
      200,
      OWN,
      () => get(`/v1/tickets/${ticket.ticketId}/qr.svg`, { fan }),
    ],
    [
      "POST /v1/admin/checkins",
      201,
      OWN,
      () => call("POST", "/v1/admin/checkins", { ...operator, json: { code: ticket.code } }),
    ],
    ["GET /.well-known/jwks.json", 200, FREE, () => get("/.well-known/jwks.json")],
    ["POST /v1/payments, of a date's last seat", 201, cost(0, 1, 3, 1), async () => {
      const again = await box.join(fan);
      const ids = await holdSeats(box, fan, again, sale, small!.seatIds, 1);
      await box.settle();
      resetCounts();
      return await paid(ids);
    }],
    ["GET /v1/concerts, not admitted", 403, LINE, () => get("/v1/concerts", mine())],
    [
      "POST /v1/reservations, not admitted",
      403,
      LINE,
      () => call("POST", "/v1/reservations", { ...mine(), json: hold(date!.seatIds.slice(3)) }),
    ],
    [
      "DELETE /v1/queue/tokens/me",
      200,
      LINE,
      () => call("DELETE", "/v1/queue/tokens/me", { place }),
    ],
    ["POST /v1/admin/balance/charges", 201, OWN, () =>
      call("POST", "/v1/admin/balance/charges", {
        ...operator,
        key: crypto.randomUUID(),
        json: { userId: other, amount: 1 },
      })],
    // The eviction comes before the answer: who changes a sale may rely on it.
    ["POST /v1/admin/concerts", 201, cost(2, 2), async () => {
      let created: Received | undefined;
      const asking = {
        ...box,
        call: async (...args: Parameters<typeof call>) => created = await call(...args),
      };
      await putOnSale(asking);
      return created!;
    }],
    ["GET /v1/admin/concerts/{id}", 200, OWN, () => get(concert, operator)],
    [
      "PATCH /v1/admin/concerts/{id}",
      200,
      cost(1, 1),
      () => call("PATCH", concert, { ...operator, json: { title: "Day Train" } }),
    ],
    ["PATCH /v1/admin/concerts/{id}, an opening", 200, cost(2, 2), () => {
      const reservationAvailableAt = new Date(box.clock()).toISOString();
      const json = { schedules: [{ scheduleId: date!.scheduleId, reservationAvailableAt }] };
      return call("PATCH", concert, { ...operator, json });
    }],
    ["GET /v1/admin/concerts/{id}/sales", 200, OWN, () => get(`${concert}/sales`, operator)],
    [
      "GET /v1/admin/fans/{id}",
      200,
      cost(3, 1),
      () => get(`/v1/admin/fans/${encodeURIComponent(fan)}`, operator),
    ],
    // The records, the names of the rooms, and one script a room.
    [
      "DELETE /v1/admin/fans/{id}",
      200,
      cost(2, 1),
      () => call("DELETE", `/v1/admin/fans/${encodeURIComponent(`${fan} erased`)}`, operator),
    ],
    // The cron is woken before the act: whoever has the answer can rely on it.
    [
      "POST /v1/admin/concerts/{id}/refunds",
      202,
      cost(1, 1, 2, 2),
      () =>
        call("POST", `${concert}/refunds`, {
          ...operator,
          key: crypto.randomUUID(),
          json: { reason: "the singer is ill" },
        }),
    ],
    ["GET /v1/admin/queue", 200, LINE, () => get("/v1/admin/queue", operator)],
    // The lease of the question that the refund before it left, and the eviction of the public
    // answer about a room that is new, are two of them.
    [
      "POST /v1/admin/queue/promotions",
      200,
      cost(7, 5),
      () => call("POST", "/v1/admin/queue/promotions", operator),
    ],
    ["GET /v1/rooms/{room}", 200, COLD, () => get("/v1/rooms/main")],
    ["GET /v1/rooms/{room}, again", 200, FREE, () => get("/v1/rooms/main")],
    ["GET /v1/rooms/{room}/draw", 200, LINE, () => get("/v1/rooms/main/draw")],
    ["GET /v1/admin/rooms/{room}", 200, cost(1, 1), () => get("/v1/admin/rooms/main", operator)],
    [
      "GET /v1/admin/rooms/{room}/history",
      200,
      cost(1, 1),
      () => get("/v1/admin/rooms/main/history", operator),
    ],
    [
      "GET /v1/admin/…/seats",
      200,
      cost(0, 1),
      () =>
        get(`/v1/admin/concerts/${sale.concertId}/schedules/${date!.scheduleId}/seats`, operator),
    ],
    [
      "PATCH /v1/admin/rooms/{room}",
      200,
      cost(4, 1),
      () => call("PATCH", "/v1/admin/rooms/main", { ...operator, json: { holdTtlSeconds: 99 } }),
    ],
    ["GET /v1/admin/metrics", 200, cost(1, 1), () => get("/v1/admin/metrics", operator)],
    ["GET /v1/admin/audit", 200, OWN, () => get("/v1/admin/audit", operator)],
    ["GET /v1/admin/webhooks", 200, OWN, () => get("/v1/admin/webhooks", operator)],
    // The mark of the cron is removed before the answer.
    ["POST /v1/admin/webhooks", 201, cost(1, 1), () =>
      call("POST", "/v1/admin/webhooks", {
        ...operator,
        json: { url: "http://127.0.0.1:9/", events: ["concert.withdrawn"] },
      })],
    ["POST /v1/admin/webhooks/{id}/replays, of nothing", 201, cost(0, 1, 1, 1), async () => {
      const { body } = await get("/v1/admin/webhooks", operator);
      resetCounts();
      const since = new Date(box.clock()).toISOString();
      const path = `/v1/admin/webhooks/${body.webhooks[0].webhookId}/replays`;
      return await call("POST", path, { ...operator, json: { since } });
    }],
    ["DELETE /v1/admin/webhooks/{id}", 200, OWN, async () => {
      const { body } = await get("/v1/admin/webhooks", operator);
      resetCounts();
      return await call("DELETE", `/v1/admin/webhooks/${body.webhooks[0].webhookId}`, operator);
    }],
    ["GET /healthz", 200, FREE, () => get("/healthz")],
    ["GET /readyz", 200, cost(1, 1), () => get("/readyz")],
    ["GET /openapi.json", 200, FREE, () => get("/openapi.json")],
    ["GET /docs", 200, FREE, () => get("/docs")],
    ["a bad signature", 401, FREE, () => get("/v1/concerts", { fan, place: "x.y.z" })],
    [
      "a bad signature of the line",
      401,
      FREE,
      () => get("/v1/queue/tokens/me", { place: "x.y.z" }),
    ],
    ["no user", 401, FREE, () => get("/v1/balance")],
    [
      "a body that is wrong",
      400,
      FREE,
      () => call("POST", "/v1/payments", { fan, key: "k", json: {} }),
    ],
    ["no such path", 404, FREE, () => get("/nothing")],
  ];
}
