import { ok } from "node:assert/strict";
import type { FanId, SeatId } from "../../src/domain/ids.ts";
import type { BoxOffice } from "../contract/box_office/office.ts";
import type { BoxOfficeModel } from "./box_office_states.ts";
import { agree } from "./histories.ts";

/** All rows of one history, however many others lie beside them. */
const ROWS = `
  select json_build_object(
    'seats', (select json_agg(json_build_array(s.seat_id, s.sold, epoch_ms(s.held_until), s.blocked)
        order by s.seat_id)
      from seats s where s.schedule_id = any ($1::text::bigint[])),
    'reservations', (select json_agg(json_build_object('id', r.reservation_id, 'fan', r.fan_id,
        'seat', r.seat_id, 'date', r.schedule_id, 'status', r.status,
        'endsAtMs', epoch_ms(r.expires_at), 'payments', (
          select count(*) from payments y where y.reservation_id = r.reservation_id
            and y.fan_id = r.fan_id and y.amount = r.price
            and (y.status = 'REFUNDED') = (r.status = 'REFUNDED'))) order by r.sequence)
      from reservations r where r.fan_id = any ($2::text::text[])),
    'balances', (select json_agg(json_build_object('fan', b.fan_id, 'balance', b.balance,
        'sum', (select sum(e.amount) from ledger_entries e where e.fan_id = b.fan_id),
        'entries', (select count(*) from ledger_entries e where e.fan_id = b.fan_id))
        order by b.fan_id)
      from balances b where b.fan_id = any ($2::text::text[])),
    'dates', (select json_agg(json_build_array(d.schedule_id, d.seats_left)
        order by d.schedule_id)
      from schedules d
      where d.schedule_id = any ($1::text::bigint[])))::text as result`;

interface Rows {
  readonly seats: readonly (readonly [
    seatId: number,
    sold: boolean,
    heldUntilMs: number | null,
    blocked: boolean,
  ])[];
  readonly reservations: readonly {
    readonly id: string;
    readonly fan: string;
    readonly seat: number;
    readonly date: number;
    readonly status: string;
    readonly endsAtMs: number;
    readonly payments: number;
  }[];
  readonly balances: readonly {
    readonly fan: string;
    readonly balance: number;
    readonly sum: number;
    readonly entries: number;
  }[];
  readonly dates: readonly (readonly [date: number, seatsLeft: number])[];
}

export async function rowsOf(
  { sql }: BoxOffice,
  { dates }: BoxOfficeModel,
  fans: readonly FanId[],
): Promise<Rows> {
  const scheduleIds = `{${dates.map(({ scheduleId }) => scheduleId).join(",")}}`;
  const [row] = await sql(ROWS, [scheduleIds, `{${fans.join(",")}}`]);
  const rows = JSON.parse(String(row?.["result"]));
  return { ...rows, reservations: rows.reservations ?? [], balances: rows.balances ?? [] };
}

/** B1, B3, B4, B5 and B7 over the rows alone, then the rows against the model. */
export function assertRows(
  rows: Rows,
  model: BoxOfficeModel,
  { nowMs, seatLimit, fans }: { nowMs: number; seatLimit: number; fans: readonly FanId[] },
): void {
  const visible = rows.reservations.map((row) => ({
    ...row,
    status: row.status === "HELD" && row.endsAtMs <= nowMs ? "EXPIRED" : row.status,
  }));
  const taken = visible.filter(({ status }) => status === "HELD" || status === "PAID");
  for (const [seatId, sold, heldUntilMs, blocked] of rows.seats) {
    const owners = taken.filter(({ seat }) => seat === seatId);
    ok(owners.length <= 1, `B1: seat ${seatId} has ${owners.length} owners`);
    ok(sold === (owners[0]?.status === "PAID"), `B1: seat ${seatId} is sold: ${sold}`);
    const isBlocked = model.isBlocked(seatId as SeatId);
    ok(blocked === isBlocked, `B5: seat ${seatId} is blocked: ${blocked}`);
    const [hold] = owners.filter(({ status }) => status === "HELD");
    ok(!hold || hold.endsAtMs === heldUntilMs, `B1: seat ${seatId} does not know its hold`);
  }
  for (const { fan, balance, sum } of rows.balances) {
    ok(balance === sum && balance >= 0, `B3: balance ${balance} of ${fan}, ledger ${sum}`);
  }
  for (const { id, status, payments } of rows.reservations) {
    const expected = status === "PAID" || status === "REFUNDED" ? 1 : 0;
    ok(payments === expected, `B4: ${status} ${id} has ${payments} payments`);
  }
  for (const [date, seatsLeft] of rows.dates) {
    for (const fan of fans) {
      const owned = taken.filter((one) => one.fan === fan && one.date === date).length;
      ok(owned <= seatLimit, `B7: ${fan} has ${owned} seats of date ${date}`);
    }
    ok(seatsLeft >= 0, `B5: date ${date} has ${seatsLeft} seats left`);
  }
  agree(
    "B1 B2 B4: the reservations",
    visible.map(({ id, fan, seat, status, payments }) => ({ id, fan, seat, status, payments }))
      .sort(byId),
    model.reservations.map((one) => ({
      id: one.reservationId as string,
      fan: one.fan as string,
      seat: one.seatId as number,
      status: model.statusOf(one) as string,
      payments: model.paymentsOf(one),
    })).sort(byId),
  );
  agree(
    "B3: balances and the lengths of their ledgers",
    rows.balances.filter(({ entries }) => entries > 0)
      .map(({ fan, balance, entries }) => [fan, balance, entries]),
    [...fans].sort().filter((fan) => model.ledgerOf(fan) > 0)
      .map((fan) => [fan, model.balance(fan), model.ledgerOf(fan)]),
  );
  agree(
    "B5: seats and dates left",
    rows.dates,
    model.dates.map((date) => [
      date.scheduleId,
      model.seatsLeft(date),
    ]),
  );
}

function byId(a: { id: string }, b: { id: string }): number {
  return a.id < b.id ? -1 : 1;
}
