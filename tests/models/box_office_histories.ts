import { fail } from "node:assert/strict";
import type { Result } from "../../src/domain/result.ts";
import type { PayEffects } from "../../src/ports/bookings.ts";
import type { IdempotentRequest, RecordedAnswer } from "../../src/ports/idempotency.ts";
import {
  type BoxOffice,
  HOLD_TTL_MS,
  must,
  newFan,
  newPaymentId,
  newTicketId,
  putOnSale,
  rfc3339,
  RICH,
  seatsShown,
} from "../contract/box_office/office.ts";
import { distinct, type Hall, hallOf, seatActs } from "./box_office_seat_acts.ts";
import {
  type Act,
  type BoxOfficeHistory,
  boxOfficeHistory,
  LONG_MS,
  type SentAct,
} from "./box_office_acts.ts";
import { boxOfficeModel } from "./box_office_model.ts";
import type { ModelDate } from "./box_office_states.ts";
import { modelMoney } from "./box_office_money.ts";
import { moneyActs } from "./box_office_money_acts.ts";
import { assertRows, rowsOf } from "./box_office_rows.ts";
import { agree, chosen, type Histories } from "./histories.ts";

const FANS = 3;
const SEAT_LIMIT = 3;
const OPENS_IN_MS = 60_000;
/** Later than all acts of a history. */
const CONCERT_IN_MS = 10 * 365 * 86_400_000;
const SWEEP_LIMIT = 500;

function asAnswer(paid: Result<RecordedAnswer<PayEffects | null>, unknown>): unknown {
  if (!paid.ok) return paid;
  const { json, effects } = paid.value;
  const answer = JSON.parse(json);
  if (!effects) return { ok: true, value: answer };
  const places = effects.places.map(({ room, fan, order, epoch }) =>
    JSON.stringify({ room, fan, order, epoch })
  );
  return { ok: true, value: { ...answer, effects: { ...effects, places: places.sort() } } };
}

const SET_ENDS = `
  update schedules set sales_end_at = $1::text::timestamptz, refund_until = $2::text::timestamptz
  where schedule_id = $3::text::bigint`;

async function crowd(office: BoxOffice, history: BoxOfficeHistory) {
  const { opensLate } = history;
  const { clock, bookings, catalogue } = office;
  // What earlier histories left, forgotten keys included, is swept before this one begins.
  clock.nowMs += LONG_MS + HOLD_TTL_MS;
  const left = await bookings.sweep(SWEEP_LIMIT);
  if (left.holds === SWEEP_LIMIT || left.records === SWEEP_LIMIT) {
    fail("earlier histories left more");
  }

  const opensInMs = opensLate ? OPENS_IN_MS : -OPENS_IN_MS;
  const halls = history.rows.map((rows) => hallOf(rows, history.price));
  const newDate = (hall: Hall, opensInMs = -OPENS_IN_MS) => ({
    seats: hall.length,
    seatAt: (place: number) => hall[place]!,
    opensInMs,
    concertInMs: CONCERT_IN_MS,
  });
  const [one, two] = await putOnSale(office, [newDate(halls[0]!, opensInMs), newDate(halls[1]!)]);
  const [three] = await putOnSale(office, [newDate(halls[2]!)]);
  const after = (holds: number | null) => holds && clock.nowMs + holds * HOLD_TTL_MS;
  const salesEndMs = after(history.endsAfterHolds);
  const dates: ModelDate[] = [one, two, three].map((date, i) => ({
    ...date,
    seats: halls[i]!.map((seat, place) => ({ ...seat, seatId: date.seatIds[place]! })),
    opensAtMs: clock.nowMs + (date === one ? opensInMs : -OPENS_IN_MS),
    endsAtMs: date === two && salesEndMs !== null ? salesEndMs : clock.nowMs + CONCERT_IN_MS,
    refundUntilMs: after(history.refundsEndAfterHolds),
  }));
  for (const { scheduleId, endsAtMs, refundUntilMs } of dates) {
    const until = refundUntilMs === null ? null : rfc3339(refundUntilMs);
    await office.sql(SET_ENDS, [rfc3339(endsAtMs), until, String(scheduleId)]);
  }
  const model = boxOfficeModel(dates, clock);
  const money = modelMoney(model, clock);
  const fans = Array.from({ length: FANS }, () => newFan(office));
  const fanIds = fans.map(({ fan }) => fan);
  for (const fan of history.balance > 0 ? fans : []) {
    const caller = `fan:${fan.fan}`;
    const once: IdempotentRequest = { caller, route: "charge", key: "first", bodyHash: "first" };
    must(await fan.charge(history.balance, once));
    model.charge({ caller: fan.fan, once }, fan.fan, history.balance);
  }
  /** Payments and charges, to be sent again at any later time. */
  const sends: (() => Promise<void>)[] = [];

  /** A constraint that stops a broken act is the last guard, not the answer that it owes. */
  async function answered<Answer>(law: string, act: Promise<Answer>): Promise<Answer> {
    return await act.catch((error) => fail(`${law}: no answer but ${error}`));
  }

  /** Sends it now, and keeps it: every later send of it gets the first one's answer. */
  async function sendOnce(send: () => Promise<void>): Promise<void> {
    sends.push(send);
    await send();
  }
  const actsOnSeats = seatActs({ office, model, fans, answered, seatLimit: SEAT_LIMIT });
  const actsOnMoney = moneyActs({ office, model, money, fans, answered, sendOnce });

  async function pay(act: Extract<Act, { act: "pay" }>): Promise<void> {
    const fan = chosen(fans, act.fan)!;
    const payable = model.reservations.filter((one) => act.anybodys || one.fan === fan.fan);
    const live = payable.filter((one) => model.statusOf(one) === "HELD");
    const paying = distinct(
      act.reservations.flatMap((number) =>
        chosen(number % 3 === 0 || live.length === 0 ? payable : live, number) ?? []
      ),
    );
    if (paying.length === 0) return;
    const ids = paying.map(({ reservationId }) => reservationId);
    const once: IdempotentRequest = {
      caller: `fan:${fan.fan}`,
      route: "pay",
      key: `key-${act.key}`,
      bodyHash: ids.join(),
    };
    await sendOnce(async () => {
      const items = ids.map((reservationId) => ({
        reservationId,
        paymentId: newPaymentId(),
        ticketId: newTicketId(),
      }));
      const paid = await answered("B3 B4", bookings.pay({ fan: fan.fan, items }, once));
      const expected = model.pay({ caller: fan.fan, once }, fan.fan, items);
      agree("B3 B4 B5: the answer to a payment", asAnswer(paid), expected);
    });
  }

  async function charge(act: Extract<Act, { act: "charge" }>): Promise<void> {
    const fan = chosen(fans, act.fan)!;
    const once: IdempotentRequest = {
      caller: `fan:${fan.fan}`,
      route: "charge",
      key: `key-${act.key}`,
      bodyHash: String(act.amount),
    };
    await sendOnce(async () => {
      const charged = await answered("B3", fan.charge(act.amount, once));
      const expected = model.charge({ caller: fan.fan, once }, fan.fan, act.amount);
      agree("B3: the answer to a charge", asAnswer(charged), expected);
    });
  }

  async function send(act: SentAct): Promise<void> {
    switch (act.act) {
      case "hold":
      case "hold the best":
      case "block":
      case "cancel":
        return await actsOnSeats.send(act);
      case "pay":
        return await pay(act);
      case "charge":
        return await charge(act);
      case "send again":
        return await chosen(sends, act.sent)?.();
      case "sweep": {
        const { records } = await bookings.sweep(SWEEP_LIMIT);
        return agree("keys are kept for a day", { records }, model.sweep());
      }
      case "pass":
        clock.nowMs += act.ms;
        return;
      case "pass to an end": {
        const untilMs = model.nextEndMs(act.ofSale) ?? clock.nowMs;
        clock.nowMs += Math.max(0, untilMs + act.offsetMs - clock.nowMs);
        return;
      }
      case "move the opening": {
        const date = chosen(dates, act.date)!;
        const opensAtMs = clock.nowMs + act.inMs;
        if (opensAtMs >= date.endsAtMs) return;
        date.opensAtMs = opensAtMs;
        const { scheduleId } = date;
        const schedules = [{ scheduleId, reservationAvailableAt: rfc3339(date.opensAtMs) }];
        must(await catalogue.update(date.concertId, { schedules }, null));
        return;
      }
      default:
        return await actsOnMoney.send(act);
    }
  }

  async function look(): Promise<void> {
    const { nowMs } = clock;
    const rows = await rowsOf(office, model, fanIds);
    assertRows(rows, model, { nowMs, seatLimit: SEAT_LIMIT, fans: fanIds });
  }

  /** From here on nothing fails: lapsed holds are free, swept or not, and every seat gets sold. */
  async function everySeatIsSold(): Promise<void> {
    clock.nowMs += Math.max(HOLD_TTL_MS, OPENS_IN_MS);
    for (const date of dates.filter(model.isOnSale)) {
      const map = must(await seatsShown(office, date));
      const answer = map.seats.map(({ seatId, status }) => [seatId, status]);
      const expected = date.seatIds.map((seatId) => [seatId, model.seatStatus(seatId)]);
      agree("every lapsed hold is free", answer, expected);
      const free = map.seats.filter(({ status }) => status !== "SOLD").map(({ seatId }) => seatId);
      if (free.length === 0) continue;
      const buyer = newFan(office);
      must(await buyer.charge(RICH));
      const held = await answered("liveness", buyer.hold(date, free, { seatLimit: free.length }));
      if (!held.ok) fail(`every free seat can be held: ${JSON.stringify(held.failure)}`);
      const paid = await answered("liveness", buyer.pay(held.value));
      if (!paid.ok) fail(`every hold can be paid: ${JSON.stringify(paid.failure)}`);
    }
    for (const { concertId } of dates) {
      const isOnSale = dates.some((date) => date.concertId === concertId && model.isOnSale(date));
      const status = model.withdrawnConcerts.has(concertId)
        ? "WITHDRAWN"
        : isOnSale
        ? "SOLD_OUT"
        : "ENDED";
      agree("B5: every seat is sold", (await catalogue.get(concertId))?.status, status);
    }
    // Those that were accepted before have none of the payments made since.
    await actsOnMoney.finishRefunds();
  }

  return {
    async play(act: SentAct): Promise<void> {
      if (act.fate === "NEVER") return;
      await send(act);
      if (act.fate === "TWICE") await send(act);
      await look();
    },
    everySeatIsSold,
  };
}

/** Histories of one box office; all share it and bring their own fans and concerts. */
export function boxOfficeHistories(open: () => BoxOffice): Histories<BoxOfficeHistory> {
  return {
    arbitrary: boxOfficeHistory,
    async play(history) {
      const { play, everySeatIsSold } = await crowd(open(), history);
      for (const act of history.acts) await play(act);
      await everySeatIsSold();
    },
  };
}
