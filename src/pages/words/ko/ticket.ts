import type { TicketWords } from "../en/ticket.ts";

export const ticketWords: TicketWords = {
  status: { VALID: "사용 가능", CHECKED_IN: "입장 완료", VOID: "사용 불가" },
};
