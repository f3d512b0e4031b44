import type { FanId, PaymentId } from "../../../src/domain/ids.ts";
import type { Ticket } from "../../../src/domain/ticket.ts";
import type { Refunded } from "../../../src/ports/refunds.ts";
import type { CheckIn } from "../../../src/ports/tickets.ts";
import {
  ALEX,
  type BoxOffice,
  type DateOnSale,
  type Fan,
  must,
  newRichFan,
  nth,
  putOnSale,
} from "../box_office/office.ts";

export interface BoughtTicket {
  readonly fan: Fan;
  readonly date: DateOnSale;
  readonly ticket: Ticket;
  readonly paymentId: PaymentId;
}

/** The latest ticket of the fan. */
export async function latestTicket({ tickets }: BoxOffice, fan: FanId): Promise<Ticket> {
  const { items } = await tickets.list(fan, { limit: 1, after: null });
  return nth(items, 0);
}

/** A ticket for the only seat of a new concert. */
export async function buyTicket(office: BoxOffice): Promise<BoughtTicket> {
  const [date] = await putOnSale(office, [{ seats: 1 }]);
  const fan = await newRichFan(office);
  const { json } = must(await fan.pay([await fan.holdOne(date, nth(date.seatIds, 0))]));
  const [{ paymentId }] = JSON.parse(json).payments;
  return { fan, date, ticket: await latestTicket(office, fan.fan), paymentId };
}

export function atDoor(
  { ticketId, scheduleId }: Pick<Ticket, "ticketId" | "scheduleId">,
  changes: Partial<CheckIn> = {},
): CheckIn {
  return {
    ticket: { ticketId, scheduleId },
    forSchedule: null,
    by: { role: "DOOR", name: "north" },
    door: "Gate 3",
    ...changes,
  };
}

/** A refund by an operator, who puts the seat back on sale. */
export async function refund(
  { refunds }: Pick<BoxOffice, "refunds">,
  { paymentId }: Pick<BoughtTicket, "paymentId">,
): Promise<Refunded> {
  return must(await refunds.refund({ paymentId, act: ALEX, seatBackOnSale: true }));
}
