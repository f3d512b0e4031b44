import { deepEqual, equal } from "node:assert/strict";
import type { ScheduleId } from "../../src/domain/ids.ts";
import { parseTicketCode, signedPart, ticketCode } from "../../src/domain/ticket.ts";

const TICKET = { ticketId: "tkt_1" as const, scheduleId: 7 as ScheduleId };
const SIGNATURE = "s".repeat(86);

Deno.test("a code says its version, ticket, schedule and key, then the signature of that", () => {
  const signed = signedPart(TICKET, "key-1");
  equal(signed, "ticket-v1.tkt_1.7.key-1");
  equal(ticketCode(signed, SIGNATURE), `ticket-v1.tkt_1.7.key-1.${SIGNATURE}`);
});

Deno.test("`parseTicketCode()` reads the parts of a code", () => {
  const signed = signedPart(TICKET, "key-1");
  deepEqual(parseTicketCode(ticketCode(signed, SIGNATURE)), {
    ...TICKET,
    keyId: "key-1",
    signed,
    signature: SIGNATURE,
  });
});

Deno.test("`parseTicketCode()` is null for every other text", () => {
  const others = [
    "",
    "ticket-v1",
    `ticket-v2.tkt_1.7.key.${SIGNATURE}`,
    `ticket-v1.tkt_1.7.key.${SIGNATURE}s`,
    `ticket-v1.tkt_1.7.key.${SIGNATURE.slice(1)}`,
    `ticket-v1.tkt_1.0.key.${SIGNATURE}`,
    `ticket-v1.tkt_1.7a.key.${SIGNATURE}`,
    `ticket-v1..7.key.${SIGNATURE}`,
    `ticket-v1.tkt 1.7.key.${SIGNATURE}`,
    `ticket-v1.tkt_1.7.${"k".repeat(44)}.${SIGNATURE}`,
    ` ticket-v1.tkt_1.7.key.${SIGNATURE}`,
  ];
  deepEqual(others.map(parseTicketCode), others.map(() => null));
});
