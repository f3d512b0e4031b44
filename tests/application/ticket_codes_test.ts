import { deepEqual, equal, ok } from "node:assert/strict";
import fc from "fast-check";
import { createSigningKeys } from "../../src/adapters/node_crypto/signing_keys.ts";
import { createTicketCodes } from "../../src/application/ticket_codes.ts";
import type { ScheduleId, TicketId } from "../../src/domain/ids.ts";
import type { TicketRef } from "../../src/domain/ticket.ts";

const [ONE, TWO] = ["1".repeat(64), "2".repeat(64)] as const;
const codesOf = (...seeds: string[]) => createTicketCodes(createSigningKeys(seeds));

function ticket(scheduleId: number, id: string = crypto.randomUUID()): TicketRef {
  return { ticketId: `tkt_${id}` as TicketId, scheduleId: scheduleId as ScheduleId };
}

Deno.test("`read()` gives what `codeOf()` was given, and a code is the same each time", () => {
  const codes = codesOf(ONE);
  for (const scheduleId of [1, 42, Number.MAX_SAFE_INTEGER]) {
    const given = ticket(scheduleId);
    equal(codes.codeOf(given), codes.codeOf(given));
    deepEqual(codes.read(codes.codeOf(given)), given);
  }
});

Deno.test("a code has the documented form and fits a small QR code", () => {
  const given = ticket(42);
  const code = codesOf(ONE).codeOf(given);
  const { keyId } = createSigningKeys([ONE]);
  ok(code.startsWith(`ticket-v1.${given.ticketId}.42.${keyId}.`), code);
  equal(code.split(".").length, 5);
  ok(code.length <= 160, `${code.length} characters`);
});

Deno.test("`read()` takes codes of all its keys, and of no other", () => {
  const given = ticket(1);
  const [old, rotated] = [codesOf(ONE), codesOf(TWO, ONE)];
  deepEqual(rotated.read(old.codeOf(given)), given);
  equal(old.read(rotated.codeOf(given)), null, "the first key signs");
  equal(codesOf(TWO).read(old.codeOf(given)), null, "a key that was taken away");
});

Deno.test("`read()` takes no code that was cut, put together or written by hand", () => {
  const codes = codesOf(ONE);
  const code = codes.codeOf(ticket(1));
  const [version, ticketId, scheduleId, keyId, signature] = code.split(".");
  for (let length = 0; length < code.length; length++) {
    equal(codes.read(code.slice(0, length)), null);
  }
  const others = [
    [version, ticketId, "2", keyId, signature],
    [version, ticketId, "01", keyId, signature],
    [version, ticket(1).ticketId, scheduleId, keyId, signature],
    [version, ticketId, scheduleId, createSigningKeys([TWO]).keyId, signature],
    ["ticket-v2", ticketId, scheduleId, keyId, signature],
    [version, ticketId, scheduleId, signature],
    [version, ticketId, scheduleId, keyId, signature, ""],
    [version, ticketId, scheduleId, "", signature],
    [version, ticketId, scheduleId, keyId, codes.codeOf(ticket(1)).split(".").at(-1)],
  ].map((parts) => parts.join("."));
  for (const other of [...others, `${code}\n`, ` ${code}`, code.toUpperCase()]) {
    equal(codes.read(other), null, other);
  }
});

Deno.test("`read()` takes no code with one changed character", () => {
  const codes = codesOf(ONE);
  const code = codes.codeOf(ticket(1));
  fc.assert(fc.property(
    fc.nat(code.length - 1),
    fc.string({ unit: "binary", minLength: 1, maxLength: 1 }),
    (at, character) => {
      if (character === code[at]) return;
      equal(codes.read(code.slice(0, at) + character + code.slice(at + 1)), null);
    },
  ));
});

Deno.test("`read()` of any text fails with no error", () => {
  const codes = codesOf(ONE);
  fc.assert(fc.property(fc.string({ unit: "binary" }), (text) => equal(codes.read(text), null)));
});
