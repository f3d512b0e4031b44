import type { components } from "@stanchion/client";

type Schemas = components["schemas"];

export type Room = Schemas["OperatorRoom"];
export type RoomState = Schemas["RoomState"];
export type RoomHistory = Schemas["RoomHistory"];
export type Concert = Schemas["OperatorConcert"];
export type Schedule = Schemas["OperatorSchedule"];
export type Sale = Schemas["Sale"];
export type Fan = Schemas["Fan"];
export type AuditEntry = Schemas["AuditEntry"];
export type NewSeat = Schemas["NewSeat"];
export type ConcertRefund = Schemas["ConcertRefund"];
