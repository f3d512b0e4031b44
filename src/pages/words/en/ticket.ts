export const ticketWords = {
  status: { VALID: "Valid", CHECKED_IN: "Used", VOID: "Not valid" },
};
export type TicketWords = typeof ticketWords;
