import type { ProblemCode } from "@stanchion/client";

/** What happened, and the way on. */
export interface ProblemWords {
  readonly title: string;
  readonly wayOn: string;
}

const broken = {
  title: "Something went wrong on our side",
  wayOn: "Please reload the page and try again.",
};
const unchallenged = {
  title: "Please show that you aren’t a robot",
  wayOn: "Please do so on the page of the line.",
};
const forOperators = {
  title: "This isn’t possible here",
  wayOn: "Please ask the organiser.",
};

export const problems: { readonly [Code in ProblemCode]: ProblemWords } = {
  NOT_FOUND: { title: "This doesn’t exist", wayOn: "The link may be wrong. Start from What’s on." },
  METHOD_NOT_ALLOWED: broken,
  PAYLOAD_TOO_LARGE: broken,
  UNSUPPORTED_MEDIA_TYPE: broken,
  MALFORMED_JSON: broken,
  VALIDATION_FAILED: {
    title: "Something in your entry can’t be right",
    wayOn: "Please check it and try again.",
  },
  IDEMPOTENCY_KEY_REQUIRED: broken,
  IDEMPOTENCY_KEY_REUSED: broken,
  IDEMPOTENCY_IN_PROGRESS: {
    title: "This is still being worked on",
    wayOn: "Wait a moment, then look at My tickets.",
  },
  UNAUTHENTICATED: {
    title: "Your sign-in has run out",
    wayOn: "Please sign in again. Your seats stay yours.",
  },
  FORBIDDEN: {
    title: "This sign-in may not do that",
    wayOn: "Please sign in again, or ask the organiser.",
  },
  RATE_LIMITED: { title: "That was a bit fast", wayOn: "Please wait some seconds and try again." },
  DEPENDENCY_UNAVAILABLE: {
    title: "The ticket office doesn’t answer right now",
    wayOn: "Nothing is lost. Please try again in a moment.",
  },
  INTERNAL: broken,
  QUEUE_TOKEN_REQUIRED: {
    title: "You aren’t in line yet",
    wayOn: "Please join the line first.",
  },
  QUEUE_TOKEN_INVALID: { title: "Your place can’t be found", wayOn: "Please join the line again." },
  QUEUE_TOKEN_MISMATCH: {
    title: "This place belongs to another sign-in",
    wayOn: "Please join the line with your present sign-in.",
  },
  NOT_ADMITTED: {
    title: "Your time to choose is over",
    wayOn: "Join the line again for more seats. Seats you hold can still be paid.",
  },
  ROOM_NOT_FOUND: { title: "There is no such line", wayOn: "Please start from What’s on." },
  LINE_CLOSED: {
    title: "This line takes nobody in at the moment",
    wayOn: "Please look in again later.",
  },
  CHALLENGE_REQUIRED: unchallenged,
  CHALLENGE_FAILED: unchallenged,
  WRONG_ROOM: {
    title: "This concert is sold behind another line",
    wayOn: "Please start from What’s on.",
  },
  CONCERT_NOT_FOUND: {
    title: "This concert isn’t on sale any more",
    wayOn: "Please choose another one.",
  },
  SCHEDULE_NOT_FOUND: {
    title: "This date isn’t on sale any more",
    wayOn: "Please choose another one.",
  },
  SEAT_NOT_FOUND: {
    title: "This seat doesn’t exist any more",
    wayOn: "Please choose another one.",
  },
  SALE_NOT_OPEN: {
    title: "The sale hasn’t opened yet",
    wayOn: "Please come back at the opening.",
  },
  SALE_CLOSED: { title: "The sale is over", wayOn: "Please choose another date." },
  SEAT_UNAVAILABLE: {
    title: "Somebody was faster",
    wayOn: "A seat of your choice was just taken. Please choose another one.",
  },
  SEAT_LIMIT_EXCEEDED: {
    title: "That’s more seats than one person may have",
    wayOn: "Seats you already hold or bought count too.",
  },
  RESERVATION_NOT_FOUND: {
    title: "This hold doesn’t exist",
    wayOn: "Please look at My tickets.",
  },
  RESERVATION_NOT_PAYABLE: {
    title: "Not all of these seats can be paid for any more",
    wayOn: "This payment was not made. My tickets has what is paid; choose the others again.",
  },
  RESERVATION_NOT_CANCELLABLE: {
    title: "This is already paid",
    wayOn: "You can ask for a refund in My tickets.",
  },
  PAYMENT_NOT_FOUND: {
    title: "This payment doesn’t exist",
    wayOn: "Please look at My tickets.",
  },
  INSUFFICIENT_BALANCE: {
    title: "Your balance isn’t enough",
    wayOn: "Top it up, then pay. Your seats are held meanwhile.",
  },
  REFUND_NOT_POSSIBLE: {
    title: "This can’t be refunded here",
    wayOn:
      "The time for refunds is over, there are none, or the ticket was used. Please ask the organiser.",
  },
  TICKET_NOT_FOUND: { title: "This ticket doesn’t exist", wayOn: "Please look at My tickets." },
  TICKET_CODE_INVALID: forOperators,
  TICKET_OTHER_SCHEDULE: forOperators,
  TICKET_VOID: forOperators,
  ALREADY_CHECKED_IN: forOperators,
  ROOM_EXISTS: forOperators,
  ROOM_IN_USE: forOperators,
  LOBBY_WOULD_END: forOperators,
  PLACE_NOT_FOUND: forOperators,
  WITHDRAWAL_FINAL: forOperators,
  ERASURE_NOT_POSSIBLE: forOperators,
};
