import { deepEqual, equal, ok } from "node:assert/strict";
import { assertLaws } from "../../contract/box_office/laws.ts";
import { must, newOnce, nth, refusalOf } from "../../contract/box_office/office.ts";
import { atDoor, buyTicket, LOCK_RESERVATION, refund } from "../../contract/tickets/tickets.ts";
import { officeOver } from "./office.ts";
import { inTransaction, type RaceTest, type RaceTrack, untilWaiting } from "./race.ts";

const DOORS = 50;
const WAITING_DOORS = 8;
const ROUNDS = 3;
const LOCK_TICKET = "select 1 from tickets where ticket_id = $1 for update";

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
    await whileReservationIsLocked(track, async ({ ticket }, session, commit) => {
      const checkIn = track.office.tickets.checkIn(atDoor(ticket), null);
      await untilWaiting(track, 1, checkIn);
      await refund(session, ticket);
      await commit();
      deepEqual(refusalOf(await checkIn), { kind: "TICKET_VOID" });
    });
    await assertLaws(track.office.sql);
  });

  test("B8: who takes the reservation's lock after a check-in sees it", async (track) => {
    const { office, database } = track;
    const { ticket } = await buyTicket(office);
    await inTransaction(database, async ({ sql, close }, commit) => {
      must(await officeOver({ sql, close }, office.clock).tickets.checkIn(atDoor(ticket), null));
      const locked = office.sql(LOCK_RESERVATION, [ticket.reservationId]);
      await untilWaiting(track, 1, locked);
      await commit();
      await locked;
      const again = await office.tickets.checkIn(atDoor(ticket), null);
      equal(refusalOf(again).kind, "ALREADY_CHECKED_IN");
    });
  });

  test("B6: check-ins, and refunds and holds of the same seats, do not deadlock", async (track) => {
    const { office } = track;
    const bought = await Promise.all(Array.from({ length: 5 }, () => buyTicket(office)));
    const outcomes = await Promise.all(bought.flatMap(({ fan, date, ticket }) => [
      office.tickets.checkIn(atDoor(ticket), null),
      refund(office, ticket).then(() => fan.hold(date, [nth(date.seatIds, 0)])),
      office.tickets.checkIn(atDoor(ticket), null),
    ]));
    ok(outcomes.filter((outcome) => outcome.ok).length >= bought.length);
    await assertLaws(office.sql);
  });
}
