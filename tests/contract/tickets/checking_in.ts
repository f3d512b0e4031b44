import { deepEqual, equal } from "node:assert/strict";
import type { CheckIn } from "../../../src/ports/tickets.ts";
import { unchanged } from "../box_office/laws.ts";
import {
  type BoxOffice,
  type ContractTest,
  MISSING_ID,
  must,
  newOnce,
  newTicketId,
  refusalOf,
  rfc3339,
} from "../box_office/office.ts";
import { atDoor, buyTicket, refund } from "./tickets.ts";

async function refusedCheckIn({ sql, tickets }: BoxOffice, act: CheckIn, once = newOnce("in")) {
  return refusalOf(await unchanged(sql, () => tickets.checkIn(act, once)));
}

const OPERATOR = { role: "OPERATOR", name: "anna" } as const;

export function checkingInContract(test: ContractTest): void {
  test("`checkIn()` lets a ticket in once, and says when and where (B8)", async (office) => {
    const { clock, tickets } = office;
    const { fan, ticket } = await buyTicket(office);
    clock.nowMs += 1;
    const at = rfc3339(clock.nowMs);
    const { json } = must(await tickets.checkIn(atDoor(ticket), null));
    const letIn = { ...ticket, status: "CHECKED_IN", checkedInAt: at, door: "Gate 3" };
    deepEqual(JSON.parse(json), letIn);
    deepEqual(await tickets.get(fan.fan, ticket.ticketId), letIn);
    clock.nowMs += 1;
    deepEqual(await refusedCheckIn(office, atDoor(ticket, { by: OPERATOR, door: null })), {
      kind: "ALREADY_CHECKED_IN",
      checkedInAt: at,
      door: "Gate 3",
    });
  });

  test("`checkIn()` writes that of an operator alone into the audit log", async (office) => {
    const { clock, tickets, auditLog } = office;
    const entriesOf = async (ticketId: string) =>
      (await auditLog.list(null, { limit: 9, after: null })).items
        .filter(({ subject }) => subject === ticketId)
        .map(({ entryId: _, ...entry }) => entry);
    const byDoor = await buyTicket(office);
    must(await tickets.checkIn(atDoor(byDoor.ticket), null));
    deepEqual(await entriesOf(byDoor.ticket.ticketId), []);

    const { ticket } = await buyTicket(office);
    must(await tickets.checkIn(atDoor(ticket, { by: OPERATOR, door: null }), null));
    deepEqual(await entriesOf(ticket.ticketId), [{
      at: rfc3339(clock.nowMs),
      operator: "anna",
      action: "TICKET_CHECKED_IN",
      room: "main",
      subject: ticket.ticketId,
      old: null,
      new: { door: null },
      reason: null,
    }]);
  });

  test("`checkIn()` refuses a ticket that does not exist or is of another date", async (office) => {
    const { ticket } = await buyTicket(office);
    const { ticketId, scheduleId } = ticket;
    const missing = { kind: "TICKET_NOT_FOUND" };
    const unknown = { ticketId: newTicketId(), scheduleId };
    deepEqual(await refusedCheckIn(office, atDoor(unknown)), missing);
    const moved = { ticketId, scheduleId: MISSING_ID as typeof scheduleId };
    deepEqual(await refusedCheckIn(office, atDoor(moved)), missing);

    const forSchedule = (await buyTicket(office)).ticket.scheduleId;
    deepEqual(await refusedCheckIn(office, atDoor(ticket, { forSchedule })), {
      kind: "TICKET_OTHER_SCHEDULE",
      scheduleId,
    });
    must(await office.tickets.checkIn(atDoor(ticket, { forSchedule: scheduleId }), null));
  });

  test("`checkIn()` refuses a ticket that is VOID, and one that was let in before that", async (office) => {
    for (const isLetIn of [false, true]) {
      const bought = await buyTicket(office);
      const { ticket } = bought;
      if (isLetIn) must(await office.tickets.checkIn(atDoor(ticket), null));
      await refund(office, bought);
      deepEqual(await refusedCheckIn(office, atDoor(ticket)), { kind: "TICKET_VOID" });
    }
    const { date, ticket } = await buyTicket(office);
    must(await office.catalogue.update(date.concertId, { status: "WITHDRAWN" }, null));
    deepEqual(await refusedCheckIn(office, atDoor(ticket)), { kind: "TICKET_VOID" });
  });

  test("`checkIn()` with a key gives a repeat the first answer", async (office) => {
    const { clock, sql, tickets } = office;
    const { ticket } = await buyTicket(office);
    const once = newOnce("in");
    const first = must(await tickets.checkIn(atDoor(ticket), once));
    clock.nowMs += 60_000;
    const again = await unchanged(sql, () => tickets.checkIn(atDoor(ticket), once));
    equal(must(again).json, first.json);
    deepEqual(await refusedCheckIn(office, atDoor(ticket), { ...once, bodyHash: "b".repeat(64) }), {
      kind: "IDEMPOTENCY_KEY_REUSED",
    });
    // The key belongs to its caller: others have not used it.
    for (
      const by of [{ role: "DOOR", name: "south" }, { role: "OPERATOR", name: "north" }] as const
    ) {
      const { kind } = await refusedCheckIn(office, atDoor(ticket, { by }), once);
      equal(kind, "ALREADY_CHECKED_IN");
    }
  });

  test("`checkIn()` that is refused leaves its key free", async (office) => {
    const { date, ticket } = await buyTicket(office);
    const once = newOnce("in");
    must(await office.catalogue.update(date.concertId, { status: "WITHDRAWN" }, null));
    deepEqual(await refusedCheckIn(office, atDoor(ticket), once), { kind: "TICKET_VOID" });
    const undo = "update concerts set withdrawn_at = null where concert_id = $1::text::bigint";
    await office.sql(undo, [String(date.concertId)]);
    must(await office.tickets.checkIn(atDoor(ticket), once));
  });
}
