import type { ApiFailureKind } from "../problems/failures.ts";

/** Why a problem comes, and what the caller can do. */
export interface ProblemText {
  readonly cause: string;
  readonly wayOn: string;
}

/** The explanation of each problem. The document, the page and docs/problems.md are made from it. */
export const PROBLEM_TEXTS: { readonly [Kind in ApiFailureKind]: ProblemText } = {
  NOT_FOUND: {
    cause: "Nothing has this path, or the thing that the path names does not exist.",
    wayOn: "Compare the path with `GET /openapi.json`.",
  },
  METHOD_NOT_ALLOWED: {
    cause: "The path exists, but not with this method.",
    wayOn: "Use a method of the `Allow` header.",
  },
  PAYLOAD_TOO_LARGE: {
    cause: "The body has more than `limitBytes` bytes.",
    wayOn: "Send less, for example seats in several requests.",
  },
  UNSUPPORTED_MEDIA_TYPE: {
    cause: "The body is of a type that the route does not take, or has a `Content-Encoding`.",
    wayOn: "Send `Content-Type: application/json`, and no content coding.",
  },
  UNAUTHENTICATED: {
    cause: "The bearer token is missing, has expired, or is not valid on this route. Tokens of " +
      "fans open no route of operators, and tokens of operators no route of fans.",
    wayOn: "Get a new token from the identity provider, and repeat the request with it.",
  },
  QUEUE_TOKEN_REQUIRED: {
    cause: "The request has no `Queue-Token` header.",
    wayOn: "Join the line with `POST /v1/queue/tokens`, and send the token of the answer.",
  },
  QUEUE_TOKEN_INVALID: {
    cause: "The `Queue-Token` header is not a token that this service signed.",
    wayOn: "Join the line again with `POST /v1/queue/tokens`, without the header.",
  },
  QUEUE_TOKEN_MISMATCH: {
    cause: "The queue token and the bearer token belong to different fans.",
    wayOn: "Send the queue token that this fan got, or join the line as this fan.",
  },
  FORBIDDEN: {
    cause: "This deployment does not allow the act. The `detail` says why.",
    wayOn: "Do not repeat the request. An operator can act instead.",
  },
  MALFORMED_JSON: {
    cause: "The body is not JSON in UTF-8, has the same key twice in one object, or did not come " +
      "within 30 seconds.",
    wayOn: "Correct the body.",
  },
  VALIDATION_FAILED: {
    cause: "Values of the request are missing, unknown or not possible. `errors` names each one.",
    wayOn: "Correct the named values. A repeat of the same request fails again.",
  },
  NOT_ADMITTED: {
    cause: "The fan is not admitted: `line` is WAITING or GONE.",
    wayOn: "WAITING: poll `GET /v1/queue/tokens/me` after `Retry-After` seconds. GONE: join again.",
  },
  ROOM_NOT_FOUND: {
    cause: "There is no room of this name.",
    wayOn: "Take the name from the concert, or leave it out for the room `main`.",
  },
  ROOM_EXISTS: {
    cause: "A room of this name exists.",
    wayOn: "Change it with PATCH, or choose another name.",
  },
  ROOM_IN_USE: {
    cause: "The room has concerts that are or will be on sale, or fans in its line; or it is main.",
    wayOn: "Withdraw its concerts or move them to another room, and wait until its line is empty.",
  },
  LOBBY_WOULD_END: {
    cause: "The change would draw all fans who gathered in the lobby.",
    wayOn: "Send it with `endLobby: true` if this is meant.",
  },
  PLACE_NOT_FOUND: {
    cause: "The fan has no place in this room.",
    wayOn: "Nothing is left to do: the place has ended, or never was.",
  },
  LINE_CLOSED: {
    cause: "Nobody may join the line in the present `state` of the room.",
    wayOn: "Join after `opensAt`. Where it is null, an operator opens the room.",
  },
  CHALLENGE_REQUIRED: {
    cause: "The fan has no place in this line, and it gives new ones for a passed challenge alone.",
    wayOn: "Show the widget of Turnstile with `siteKey` and the action `join`, and join with its " +
      "token as `challengeToken`.",
  },
  CHALLENGE_FAILED: {
    cause: "The challenge was not passed; or its token is older than five minutes, or was used " +
      "for another join.",
    wayOn: "Reset the widget, and join with its new token as `challengeToken`.",
  },
  WRONG_ROOM: {
    cause: "Another room than that of the queue token sells this concert.",
    wayOn: "Join the line of `room`.",
  },
  CONCERT_NOT_FOUND: {
    cause: "There is no such concert, or it is not on sale.",
    wayOn: "Take the id from `GET /v1/concerts`.",
  },
  SCHEDULE_NOT_FOUND: {
    cause: "The concert has no such schedule, or its sale has not opened.",
    wayOn: "Take the id from the schedules of the concert.",
  },
  SEAT_NOT_FOUND: {
    cause: "The schedule has no seats with the ids of `seatIds`.",
    wayOn: "Take the ids from the seats of the schedule.",
  },
  RESERVATION_NOT_FOUND: {
    cause: "The fan has no such reservation.",
    wayOn: "Take the id from `GET /v1/reservations`.",
  },
  PAYMENT_NOT_FOUND: {
    cause: "The caller has no such payment.",
    wayOn: "Take the id from `GET /v1/payments`.",
  },
  SALE_NOT_OPEN: {
    cause: "The sale of the schedule opens at `opensAt`.",
    wayOn: "Repeat the request after this time.",
  },
  SALE_CLOSED: {
    cause: "The sale of the schedule ended at `closedAt`.",
    wayOn: "Choose another schedule.",
  },
  SEAT_UNAVAILABLE: {
    cause: "The seats of `seatIds` are held or sold. Those in `ownReservations` are holds of the " +
      "caller. Nothing was held.",
    wayOn: "Choose other seats, or pay for the own holds.",
  },
  SEAT_LIMIT_EXCEEDED: {
    cause: "One fan may hold and buy `limit` seats of a schedule, and has `held` of them.",
    wayOn: "Hold fewer seats, or cancel holds.",
  },
  RESERVATION_NOT_PAYABLE: {
    cause: "Some of the reservations are no live holds any more. Nothing was paid.",
    wayOn: "Pay for the others, or hold the seats again.",
  },
  RESERVATION_NOT_CANCELLABLE: {
    cause: "The reservation is paid or refunded.",
    wayOn: "Have the payment refunded, where that is possible.",
  },
  REFUND_NOT_POSSIBLE: {
    cause:
      "The time for refunds by fans is over or there is none (WINDOW_CLOSED), or the ticket was " +
      "let in (CHECKED_IN).",
    wayOn: "An operator can refund the payment.",
  },
  ERASURE_NOT_POSSIBLE: {
    cause: "The fan has a balance, live holds, tickets of a date to come, or refunds to get.",
    wayOn:
      "Pay the balance out by a correction, refund what was withdrawn, wait for the holds to lapse " +
      "and for the date to pass; then repeat the request.",
  },
  WITHDRAWAL_FINAL: {
    cause: "An operator accepted a refund of what was withdrawn.",
    wayOn: "Create the concert or the schedule anew.",
  },
  INSUFFICIENT_BALANCE: {
    cause: "The balance is `balance`, and `required` is needed.",
    wayOn: "Top up the balance, and repeat the request with the same key.",
  },
  TICKET_CODE_INVALID: {
    cause: "The code is not one that this service signed.",
    wayOn: "Scan it again. If it fails again, let nobody in with it.",
  },
  TICKET_NOT_FOUND: {
    cause: "There is no such ticket, or it belongs to somebody else.",
    wayOn: "Take the id from `GET /v1/tickets`.",
  },
  TICKET_OTHER_SCHEDULE: {
    cause: "The ticket is of another schedule than that which is let in.",
    wayOn: "Send the fan to the right date.",
  },
  TICKET_VOID: {
    cause: "The ticket was refunded, or its concert or schedule is withdrawn.",
    wayOn: "Let nobody in with it.",
  },
  ALREADY_CHECKED_IN: {
    cause: "The ticket was let in at `checkedInAt`.",
    wayOn: "Let nobody in with it, unless this is the repeat of a request whose answer was lost.",
  },
  IDEMPOTENCY_KEY_REQUIRED: {
    cause: "The `Idempotency-Key` header is missing, or is not 1 to 255 visible ASCII characters.",
    wayOn: "Make a key for the act, such as a UUID, and keep it until the answer has come.",
  },
  IDEMPOTENCY_KEY_REUSED: {
    cause: "The key was used for another request on this route.",
    wayOn: "Use a new key for a new act.",
  },
  IDEMPOTENCY_IN_PROGRESS: {
    cause: "The first request with this key is still at work.",
    wayOn: "Repeat the request with the same key to get its answer.",
  },
  RATE_LIMITED: {
    cause:
      "The fan joins too often, or too many credentials that nobody here signed have come from " +
      "the same network. A good credential is never refused for what others of its network send.",
    wayOn: "Check the credential of the request, and repeat it after `Retry-After` seconds.",
  },
  DEPENDENCY_UNAVAILABLE: {
    cause: "Redis, PostgreSQL or the identity provider does not answer.",
    wayOn:
      "Repeat the request after `Retry-After` seconds, with the same key: the act may have been " +
      "done.",
  },
  INTERNAL: {
    cause: "The service has a fault, or its settings have.",
    wayOn: "Repeat the request later with the same key. Quote `instance` when you report it.",
  },
};
