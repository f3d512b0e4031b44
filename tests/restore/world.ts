import assert from "node:assert/strict";
import { assertLaws, countOf } from "../contract/box_office/laws.ts";
import { newFan, type Received, type Sent } from "../support/api_box.ts";
import { openBox } from "../support/box.ts";
import type { RestorableDatabase } from "../support/restorable_database.ts";
import { standing } from "../support/room.ts";
import { putOnSale } from "../support/sale.ts";
import { balanceOf, checkIn, codeOrStatus, followTheSteps, operator } from "./restoring.ts";

const FANS = 4;
const SEATS = 6;
const SEAT_LIMIT = 2;
const PRICE = 10;
const STEP_MS = 20_000;

/** A request that a client may send again because it knows no answer. */
interface Request {
  readonly method: string;
  readonly path: string;
  readonly sent: Sent;
}

/** A sale of one date, whose database goes back to a backup once. */
export async function openWorld(database: RestorableDatabase) {
  const box = openBox(database.sql, {
    settings: { QUEUE_CAPACITY: "2", SEAT_LIMIT: String(SEAT_LIMIT), HOLD_TTL_SECONDS: "60" },
  });
  const sale = await putOnSale(box, { dates: [SEATS], price: PRICE });
  const { concertId } = sale;
  const { scheduleId, seatIds } = sale.schedules[0]!;
  const fans = Array.from({ length: FANS }, () => newFan("fan"));
  const places = new Map<string, string>();
  const requests: Request[] = [];
  /** Codes of tickets, and how often each has let somebody in since the database went back. */
  const codes = new Map<string, number>();
  let keys = 0;

  async function send(request: Request): Promise<Received> {
    const answer = await box.call(request.method, request.path, request.sent);
    assert.ok(answer.status < 500, `${request.method} ${request.path}: ${answer.text}`);
    await box.settle();
    return answer;
  }
  function sendNew(method: string, path: string, sent: Sent): Promise<Received> {
    const request = {
      method,
      path,
      sent: { ...sent, key: `key-${++keys}-${fans[0]}`.replaceAll(" ", "-") },
    };
    requests.push(request);
    return send(request);
  }
  const own = async (fan: string, path: string) =>
    (await box.call("GET", path, { fan })).body.items as Record<string, string>[];
  const fanOf = (number: number) => fans[number % FANS]!;
  const seatOf = (number: number) => seatIds[number % SEATS]!;

  const acts = {
    async JOIN(number: number) {
      const fan = fanOf(number);
      const joined = await box.call("POST", "/v1/queue/tokens", { fan });
      if (joined.status < 400) places.set(fan, joined.body.token);
    },
    async HOLD(number: number) {
      const fan = fanOf(number);
      const place = places.get(fan);
      if (!place) return;
      const json = { concertId, scheduleId, seatIds: [seatOf(number)] };
      await sendNew("POST", "/v1/reservations", { fan, place, json });
    },
    async PAY(number: number) {
      const fan = fanOf(number);
      const held = await own(fan, "/v1/reservations?status=HELD");
      const reservationIds = held.map(({ reservationId }) => reservationId);
      if (reservationIds.length > 0) {
        await sendNew("POST", "/v1/payments", { fan, json: { reservationIds } });
      }
    },
    CHARGE: (number: number) =>
      sendNew("POST", "/v1/balance/charges", { fan: fanOf(number), json: { amount: 2 * PRICE } }),
    async REFUND(number: number) {
      const [payment] = await own(fanOf(number), "/v1/payments");
      if (!payment) return;
      const path = `/v1/admin/payments/${payment["paymentId"]}/refunds`;
      await send({ method: "POST", path, sent: { operator, json: { reason: "ill" } } });
    },
    async ENTER(number: number) {
      await lookAtTickets();
      const code = [...codes.keys()][number % Math.max(1, codes.size)];
      if (code) await enter(code);
    },
    async RESEND(number: number) {
      const request = requests[number % Math.max(1, requests.length)];
      if (request) await send(request);
    },
    async PASS() {
      box.clock.advance(STEP_MS);
      await box.tick();
      await box.settle();
    },
  };

  async function lookAtTickets(): Promise<void> {
    for (const fan of fans) {
      for (const { code } of await own(fan, "/v1/tickets")) {
        if (code && !codes.has(code)) codes.set(code, 0);
      }
    }
  }
  async function enter(code: string): Promise<void> {
    if ((await checkIn(box, code)).status === 201) codes.set(code, codes.get(code)! + 1);
  }

  const standings = async () => {
    const all = [];
    for (const place of places.values()) {
      const { state, ticket, position } = await standing(box, place);
      all.push({ state, ticket, position });
    }
    return all;
  };
  const money = () => Promise.all(fans.map((fan) => balanceOf(box, fan)));

  async function assertSaleLaws(): Promise<void> {
    await assertLaws(database.sql);
    for (const fan of fans) {
      const seats = await countOf(
        database.sql,
        `select count(*) from reservations where fan_id = $1 and schedule_id = $2::text::bigint
           and (status = 'PAID' or status = 'HELD' and expires_at > $3::text::timestamptz)`,
        fan,
        String(scheduleId),
        new Date(box.clock()).toISOString(),
      );
      assert.ok(seats <= SEAT_LIMIT, `B7: ${fan} has ${seats} seats`);
    }
    for (const [code, times] of codes) {
      assert.ok(times <= 1, `B8: ${code} let in ${times} times`);
    }
  }

  return {
    acts,
    /** Takes a backup, and gives what restores it and compares. */
    async backUp() {
      const [restore, before] = [await database.backUp(), await money()];
      await lookAtTickets();
      const kept = new Set(codes.keys());
      return async () => {
        await lookAtTickets();
        const inLine = await standings();
        await restore();
        assert.deepEqual(await money(), before, "B3: the money is that of the backup");
        assert.deepEqual(await standings(), inLine, "the line does not go back");
        await followTheSteps({ box, database });
        for (const code of codes.keys()) {
          codes.set(code, 0);
          if (kept.has(code)) continue;
          assert.equal(codeOrStatus(await checkIn(box, code)), "TICKET_NOT_FOUND");
        }
        await assertSaleLaws();
      };
    },
    /** Whoever polls gets through, and the laws hold. */
    async end(): Promise<void> {
      for (let round = 0; round < 5; round++) {
        await acts.PASS();
        for (let fan = 0; fan < FANS; fan++) {
          for (const act of [acts.JOIN, acts.HOLD, acts.CHARGE, acts.PAY]) await act(fan);
        }
      }
      await lookAtTickets();
      for (const code of codes.keys()) {
        await enter(code);
        await enter(code);
      }
      await assertSaleLaws();
    },
  };
}

export type World = Awaited<ReturnType<typeof openWorld>>;
export const ACTS = ["JOIN", "HOLD", "PAY", "CHARGE", "REFUND", "ENTER", "RESEND", "PASS"] as const;
