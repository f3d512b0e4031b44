import { hasBlankEdge } from "./text.ts";

/** Branded identifiers. Validation at the edge makes them; the inside trusts them. */

declare const brand: unique symbol;
type Brand<Value, Name extends string> = Value & { readonly [brand]: Name };

/** The id of a fan: `sub` of a verified user token, or `userId` in an operator's request. */
export type FanId = Brand<string, "FanId">;
/** Stands in the records for a fan who was erased. */
export type Pseudonym = `erased_${string}`;
/** A waiting room. */
export type RoomId = Brand<string, "RoomId">;
export type ConcertId = Brand<number, "ConcertId">;
export type ScheduleId = Brand<number, "ScheduleId">;
export type SeatId = Brand<number, "SeatId">;
export type ReservationId = `rsv_${string}`;
export type PaymentId = `pay_${string}`;
export type TicketId = `tkt_${string}`;
/** A refund of a concert or a schedule. */
export type RefundId = `rfd_${string}`;
export type WebhookId = `whk_${string}`;

export const MAIN_ROOM = "main" as RoomId;

/** Whether `text` can be the name of a room. It needs no escaping in a path or a key. */
export function isRoomId(text: unknown): text is RoomId {
  return typeof text === "string" && /^[a-z0-9](?:[a-z0-9-]{0,30}[a-z0-9])?$/.test(text);
}

/** `erased_` and a random UUID, as erasure makes it. Other ids may begin so: they are those of people. */
const PSEUDONYM = /^erased_[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/** Whether it is the pseudonym of an erased fan. It signs in nobody. */
export function isPseudonym(fan: string): fan is FanId & Pseudonym {
  return PSEUDONYM.test(fan);
}

export const MAX_FAN_ID_LENGTH = 128;

/**
 * Whether `text` can be the id of a fan: 1 to 128 characters that every store can keep. PostgreSQL
 * cannot keep NUL, and all lone surrogates would become the same replacement character. With a
 * blank at an end it would look like the id of another fan. URLs cannot have `.` and `..` in a path.
 */
export function isFanId(text: unknown): text is FanId {
  if (typeof text !== "string" || !text.isWellFormed() || text.includes("\0")) return false;
  if (hasBlankEdge(text) || text === "." || text === "..") return false;
  const length = [...text].length;
  return length >= 1 && length <= MAX_FAN_ID_LENGTH;
}
