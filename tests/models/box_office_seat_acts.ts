import type { SeatId } from "../../src/domain/ids.ts";
import type { PlaceRef } from "../../src/domain/queue.ts";
import {
  ALEX,
  type BoxOffice,
  type Fan,
  HOLD_TTL_MS,
  MISSING_ID,
} from "../contract/box_office/office.ts";
import { type Act, PRICE_STEP, type Rows, SECTIONS } from "./box_office_acts.ts";
import type { BoxOfficeModel } from "./box_office_states.ts";
import type { ModelHold, ModelSeat } from "./box_office_states.ts";
import { agree, chosen } from "./histories.ts";

const AISLE_AFTER = 2;

export type Hall = readonly Omit<ModelSeat, "seatId">[];

/** The seats of these rows, row by row. In the second row an aisle has a number. */
export function hallOf(rows: Rows, price: number): Hall {
  const numberBefore = (row: number) => rows.slice(0, row).reduce((sum, each) => sum + each, 0);
  return rows.flatMap((length, row) =>
    Array.from({ length }, (_, i) => ({
      seatNumber: 1 + numberBefore(row) + i + (row > 1 || row === 1 && i >= AISLE_AFTER ? 1 : 0),
      section: SECTIONS[row < 2 ? 0 : 1],
      row: `${row % 2 + 1}`,
      label: `${i + 1}`,
      price: price + PRICE_STEP * row,
    }))
  );
}

/** Positions in a list are many ways to say the same seat; nobody asks twice for one. */
export function distinct<Item>(items: readonly Item[]): Item[] {
  return [...new Set(items)];
}

export interface SeatParts {
  readonly office: BoxOffice;
  readonly model: BoxOfficeModel;
  readonly fans: readonly Fan[];
  /** Fails by the law if there is no answer. */
  readonly answered: <Answer>(law: string, act: Promise<Answer>) => Promise<Answer>;
  readonly seatLimit: number;
}

/** Holds, cancellations and blocks of a history, each compared with the model's answer. */
export function seatActs({ office: { seating }, model, fans, answered, seatLimit }: SeatParts) {
  async function hold(act: Extract<Act, { act: "hold" }>): Promise<void> {
    const date = chosen(model.dates, act.date)!;
    const fan = chosen(fans, act.fan)!;
    const anything: SeatId[] = model.dates.flatMap(({ seatIds }) => seatIds);
    anything.push(MISSING_ID as SeatId);
    const seatIds = distinct(act.seats.map((number) =>
      // Mostly seats of that date; now and then any, or none at all.
      number % 10 === 0 ? chosen(anything, number / 10)! : chosen(date.seatIds, number)!
    ));
    const place: PlaceRef = { ...fan.place, order: fan.place.order + act.visit };
    const options = { seatLimit, heldUnder: place };
    const held = await answered("B1 B2", fan.hold(date, seatIds, options));
    compare("B1 B2 B7: the answer to a hold", held, { fan: fan.fan, place, date, wanted: seatIds });
  }

  async function holdTheBest(act: Extract<Act, { act: "hold the best" }>): Promise<void> {
    const date = chosen(model.dates, act.date)!;
    const fan = chosen(fans, act.fan)!;
    const place: PlaceRef = { ...fan.place, order: fan.place.order + act.visit };
    const held = await answered(
      "B1 B2",
      fan.holdBest(date, act.best, { seatLimit, heldUnder: place }),
    );
    const law = "B1 B2 B7: the answer to a hold of the best seats";
    compare(law, held, { fan: fan.fan, place, date, wanted: act.best });
  }

  function compare(
    law: string,
    held: Awaited<ReturnType<Fan["hold"]>>,
    order: Pick<ModelHold, "fan" | "place" | "date" | "wanted">,
  ): void {
    const reservationIds = held.ok ? held.value.map(({ reservationId }) => reservationId) : [];
    const expected = model.hold({ ...order, reservationIds, holdTtlMs: HOLD_TTL_MS, seatLimit });
    const answer = held.ok
      ? { ok: true, value: held.value.map((one) => [one.reservationId, one.seatId]) }
      : held;
    agree(law, answer, expected);
  }

  async function block({ date: number, seat, isBlocked }: Extract<Act, { act: "block" }>) {
    const date = chosen(model.dates, number)!;
    const seatId = chosen(date.seatIds, seat)!;
    const status = isBlocked ? "BLOCKED" : "AVAILABLE";
    const changed = await answered("B5", seating.changeSeat(date, seatId, { status }, ALEX));
    if (!changed.ok) {
      return agree("B5: a block is refused", changed, model.block(seatId, isBlocked));
    }
    const { seat: { status: now }, effects } = changed.value;
    const { concertsWithChangedSchedule, changedConcerts } = effects;
    const answer = { ok: true, value: [now, concertsWithChangedSchedule, changedConcerts] };
    agree("B5: the answer to a block", answer, model.block(seatId, isBlocked));
  }

  async function cancel(act: Extract<Act, { act: "cancel" }>): Promise<void> {
    const reservation = chosen(model.reservations, act.reservation);
    if (!reservation) return;
    const own = act.fan % 5 > 0;
    const fan = own ? fans.find(({ fan }) => fan === reservation.fan)! : chosen(fans, act.fan)!;
    const cancelled = await answered("B1", fan.cancel(reservation));
    const answer = cancelled.ok
      ? { ok: true, value: [cancelled.value.reservationId, cancelled.value.status] }
      : cancelled;
    agree(
      "B1: the answer to a cancellation",
      answer,
      model.cancel(fan.fan, reservation.reservationId),
    );
  }

  return {
    async send(act: Extract<Act, { act: "hold" | "hold the best" | "block" | "cancel" }>) {
      switch (act.act) {
        case "hold":
          return await hold(act);
        case "hold the best":
          return await holdTheBest(act);
        case "block":
          return await block(act);
        case "cancel":
          return await cancel(act);
      }
    },
  };
}
