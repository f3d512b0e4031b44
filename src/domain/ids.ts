/** Branded identifiers. They are made once, where the outside is validated, and trusted inside. */

declare const brand: unique symbol;
type Brand<Value, Name extends string> = Value & { readonly [brand]: Name };

/** Who a fan is: the `sub` of a verified user credential, or the `userId` an operator names. */
export type FanId = Brand<string, "FanId">;
/** A waiting room. */
export type RoomId = Brand<string, "RoomId">;
export type ConcertId = Brand<number, "ConcertId">;
export type ScheduleId = Brand<number, "ScheduleId">;
export type SeatId = Brand<number, "SeatId">;
export type ReservationId = `rsv_${string}`;
export type PaymentId = `pay_${string}`;

export const MAIN_ROOM = "main" as RoomId;

/** Whether `text` can name a room: what goes into a path and a key as it is. */
export function isRoomId(text: unknown): text is RoomId {
  return typeof text === "string" && /^[a-z0-9](?:[a-z0-9-]{0,30}[a-z0-9])?$/.test(text);
}

export const MAX_FAN_ID_LENGTH = 128;

/**
 * Whether `text` can name a fan: 1 to 128 characters that every store can keep. NUL cannot be
 * kept by PostgreSQL, and lone surrogates would all become the same replacement character.
 */
export function isFanId(text: unknown): text is FanId {
  if (typeof text !== "string" || !text.isWellFormed() || text.includes("\0")) return false;
  const length = [...text].length;
  return length >= 1 && length <= MAX_FAN_ID_LENGTH;
}
