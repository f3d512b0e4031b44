import { type ClientMutation, guard } from "./mutation.ts";

export const SEAT_MUTATIONS: readonly ClientMutation[] = [
  guard(
    "own_seats",
    "a seat that was free is no more one's own",
    'if (contained && status === "AVAILABLE") seats.delete(seatId);',
    "",
    "a seat that was refunded and sold to another fan is not one's own",
  ),
  guard(
    "own_seats",
    "a refund ends what is one's own",
    'if (status === "REFUNDED") seats.delete(seatId);\n          else seats',
    "seats",
    "a refund that passes through the client ends what is one's own",
  ),
  guard(
    "own_seats",
    "own changes are laid over older statuses",
    "contained ? status : own.status",
    "status",
    "an own hold is laid over statuses that are older than it, and over no newer ones",
  ),
  guard(
    "own_seats",
    "and over no newer ones",
    "takenAt >= own.at",
    "false",
    "an own hold is laid over statuses that are older than it, and over no newer ones",
  ),
  guard(
    "own_seats",
    "a lapsed hold is not one's own",
    "&& !lapsed",
    "",
    "a hold of another fan after one's own has lapsed is not one's own",
  ),
  guard(
    "own_seats",
    "a cancellation outlives statuses that are a second old",
    "askedAt > own.learntAt + STATUSES_AT_MOST_OLD_MS",
    "askedAt >= own.learntAt",
    "a hold that was given back is available, until statuses contain it",
  ),
  guard(
    "seats",
    "statuses belong to one map",
    "if (!statuses || !fits()) return",
    "if (!statuses) return",
    "statuses of another map are not laid over this one",
  ),
  guard(
    "seats",
    "a refusal ends the questions",
    "else if (isOutage(trouble)) setBackOff(timer, failures, trouble,",
    "else setBackOff(timer, failures, { retryAfterMs: 0, ...trouble },",
    "an outage keeps the seats, and is told; a refusal ends the questions",
  ),
  guard(
    "seats",
    "unchanged seats are the same objects",
    "return same ? last : { ...seat, ...now };",
    "return { ...seat, ...now };",
    "the map and its statuses are one list; what did not change is not sent again",
  ),
  guard(
    "seats",
    "what is unchanged is not sent again",
    'known?.etag ? { "If-None-Match": known.etag } : {}',
    "({})",
    "the map and its statuses are one list; what did not change is not sent again",
  ),
];
