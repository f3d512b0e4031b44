import { deepEqual, equal, ok } from "node:assert/strict";
import { assertLaws } from "../../contract/box_office/laws.ts";
import {
  type BoxOffice,
  must,
  newOnce,
  nth,
  PRICE,
  refusalOf,
  RICH,
} from "../../contract/box_office/office.ts";
import { setRefundUntil } from "../../contract/refunds/refunding.ts";
import { atDoor, type BoughtTicket, buyTicket, refund } from "../../contract/tickets/tickets.ts";
import type { Ticket } from "../../../src/domain/ticket.ts";
import { officeOver } from "./office.ts";
import {
  behind,
  inTransaction,
  type RaceTest,
  type RaceTrack,
  rounds,
  untilWaiting,
} from "./race.ts";

const DOORS = 50;
const WAITING_DOORS = 8;
const ROUNDS = 3;
const REFUND_ROUNDS = rounds(15);
/** The reservation's row, locked as a refund locks it. */
const LOCK_RESERVATION = "select 1 from reservations where reservation_id = $1 for no key update";
const LOCK_TICKET = "select 1 from tickets where ticket_id = $1 for update";

/** The ticket as its fan sees it. */
async function shownTo({ tickets }: BoxOffice, { fan, ticket }: BoughtTicket): Promise<Ticket> {
  const shown = await tickets.get(fan.fan, ticket.ticketId);
  ok(shown);
  return shown;
}

/** A bought ticket, whose reservation's row a transaction has locked while `run` is at work. */
async function whileReservationIsLocked<Outcome>(
  track: RaceTrack,
  run: (
    bought: Awaited<ReturnType<typeof buyTicket>>,
    session: Parameters<Parameters<typeof inTransaction>[1]>[0],
    commit: () => Promise<void>,
  ) => Promise<Outcome>,
): Promise<Outcome> {
  const bought = await buyTicket(track.office);
  return await inTransaction(track.database, async (session, commit) => {
    await session.sql(LOCK_RESERVATION, [bought.ticket.reservationId]);
    return await run(bought, session, commit);
  });
}

export function ticketRaces(test: RaceTest): void {
  test("B8: of doors that read one ticket at once, one lets it in", async (track) => {
    await whileReservationIsLocked(track, async ({ ticket }, session, commit) => {
      await session.sql(LOCK_TICKET, [ticket.ticketId]);
      const doors = Array.from(
        { length: WAITING_DOORS },
        (_, door) => track.office.tickets.checkIn(atDoor(ticket, { door: `Gate ${door}` }), null),
      );
      await untilWaiting(track, doors.length);
      await commit();
      equal((await Promise.all(doors)).filter(({ ok }) => ok).length, 1, "B8: let in once");
    });
  });

  test("B8: of fifty doors, each with a connection of its own, one lets in", async (track) => {
    const { database, office } = track;
    const sessions = await Promise.all(Array.from({ length: DOORS }, () => database.connect()));
    try {
      const doors = sessions.map((session) => officeOver(session, office.clock).tickets);
      for (let round = 0; round < ROUNDS; round++) {
        const { fan, ticket } = await buyTicket(office);
        const outcomes = await Promise.all(
          doors.map(({ checkIn }, door) => checkIn(atDoor(ticket, { door: `Gate ${door}` }), null)),
        );
        const winner = outcomes.findIndex(({ ok }) => ok);
        const { checkedInAt } = JSON.parse(must(outcomes[winner]!).json);
        deepEqual(
          outcomes.filter((_, door) => door !== winner).map(refusalOf),
          Array.from({ length: DOORS - 1 }, () => ({
            kind: "ALREADY_CHECKED_IN",
            checkedInAt,
            door: `Gate ${winner}`,
          })),
        );
        equal((await office.tickets.get(fan.fan, ticket.ticketId))?.checkedInAt, checkedInAt);
      }
    } finally {
      for (const session of sessions) await session.close();
    }
    await assertLaws(office.sql);
  });

  test("B8: twenty sends of one check-in let in once and get one answer", async ({ office }) => {
    const { ticket } = await buyTicket(office);
    const once = newOnce("in");
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => office.tickets.checkIn(atDoor(ticket), once)),
    );
    equal(new Set(answers.map((answer) => must(answer).json)).size, 1);
  });

  test("B8: a check-in that waited for a refund lets nobody in", async (track) => {
    const { office } = track;
    const bought = await buyTicket(office);
    const { ticket } = bought;
    const [, checkedIn] = await behind(
      track,
      (early) => refund(early, bought),
      () => office.tickets.checkIn(atDoor(ticket), null),
    );
    deepEqual(refusalOf(checkedIn), { kind: "TICKET_VOID" });
    equal((await shownTo(office, bought)).checkedInAt, null);
    await assertLaws(office.sql);
  });

  test("B3 B8: a fan's refund that waited for the check-in refunds nothing", async (track) => {
    const { office } = track;
    const bought = await buyTicket(office);
    const { fan: { fan }, paymentId } = bought;
    await setRefundUntil(office, bought.date, office.clock.nowMs + 60_000);
    const [letIn, refunded] = await behind(
      track,
      ({ tickets }) => tickets.checkIn(atDoor(bought.ticket), null),
      () => office.refunds.refundOwn(fan, paymentId),
    );
    must(letIn);
    deepEqual(refusalOf(refunded), { kind: "REFUND_NOT_POSSIBLE", reason: "CHECKED_IN" });
    equal((await shownTo(office, bought)).status, "CHECKED_IN");
    equal(await office.accounts.balance(fan), RICH - PRICE);
    await assertLaws(office.sql);
  });

  test("B3 B8: an operator's refund that waited for the check-in refunds all the same", async (track) => {
    const { office } = track;
    const bought = await buyTicket(office);
    const [letIn, { payment, balance }] = await behind(
      track,
      ({ tickets }) => tickets.checkIn(atDoor(bought.ticket), null),
      () => refund(office, bought),
    );
    const { checkedInAt } = JSON.parse(must(letIn).json);
    deepEqual([payment.status, balance], ["REFUNDED", RICH]);
    const shown = await shownTo(office, bought);
    deepEqual([shown.status, shown.checkedInAt], ["VOID", checkedInAt]);
    await assertLaws(office.sql);
  });

  test("B3 B8: of a check-in and a fan's refund at once, exactly one is done", async ({ office }) => {
    for (let round = 0; round < REFUND_ROUNDS; round++) {
      const bought = await buyTicket(office);
      const { fan: { fan }, paymentId } = bought;
      await setRefundUntil(office, bought.date, office.clock.nowMs + 60_000);
      const [letIn, refunded] = await Promise.all([
        office.tickets.checkIn(atDoor(bought.ticket), null),
        office.refunds.refundOwn(fan, paymentId),
      ]);
      ok(letIn.ok !== refunded.ok, "B8: one of both");
      equal((await shownTo(office, bought)).status, letIn.ok ? "CHECKED_IN" : "VOID");
      equal(await office.accounts.balance(fan), letIn.ok ? RICH - PRICE : RICH);
    }
    await assertLaws(office.sql);
  });

  test("B6: check-ins, and refunds and holds of the same seats, do not deadlock", async (track) => {
    const { office } = track;
    const bought = await Promise.all(Array.from({ length: 5 }, () => buyTicket(office)));
    const outcomes = await Promise.all(bought.flatMap(({ fan, date, ticket, paymentId }) => [
      office.tickets.checkIn(atDoor(ticket), null),
      refund(office, { paymentId }).then(() => fan.hold(date, [nth(date.seatIds, 0)])),
      office.tickets.checkIn(atDoor(ticket), null),
    ]));
    ok(outcomes.filter((outcome) => outcome.ok).length >= bought.length);
    await assertLaws(office.sql);
  });
}
