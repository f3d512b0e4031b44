import {
  parseTicketCode,
  signedPart,
  type Ticket,
  ticketCode,
  type TicketRef,
  type TicketWithCode,
} from "../domain/ticket.ts";
import type { SigningKeys } from "../ports/signing_keys.ts";

/** The codes of tickets. They are made when a ticket is read, and no store is asked. */
export interface TicketCodes {
  codeOf(ticket: TicketRef): string;
  withCode(ticket: Ticket): TicketWithCode;
  /** What the code says; null if no key of this service signed it. */
  read(code: string): TicketRef | null;
}

export function createTicketCodes(signingKeys: SigningKeys): TicketCodes {
  function codeOf(ticket: TicketRef): string {
    const signed = signedPart(ticket, signingKeys.keyId);
    return ticketCode(signed, signingKeys.sign(signed));
  }

  return {
    codeOf,
    withCode: (ticket) => ({ ...ticket, code: codeOf(ticket) }),
    read(code) {
      const parts = parseTicketCode(code);
      if (!parts) return null;
      const { keyId, signed, signature, ticketId, scheduleId } = parts;
      return signingKeys.verify(keyId, signed, signature) ? { ticketId, scheduleId } : null;
    },
  };
}
