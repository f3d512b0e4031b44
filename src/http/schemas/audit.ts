import { z } from "@hono/zod-openapi";
import type { RoomId } from "../../domain/ids.ts";
import { AUDIT_ACTIONS, type AuditEntry } from "../../domain/audit.ts";
import { timeSchema } from "./common.ts";
import { nullableRoomSchema } from "./room.ts";

const changed = z.record(z.string(), z.unknown()).nullable();

export const auditEntrySchema = z.object({
  at: timeSchema,
  operator: z.string(),
  action: z.enum(AUDIT_ACTIONS).openapi("AuditAction"),
  room: nullableRoomSchema,
  subject: z.string().nullable().openapi({
    description: "The id of the concert, payment, user or ticket that was changed.",
  }),
  before: changed,
  after: changed,
  reason: z.string().nullable(),
}).openapi("AuditEntry");

export const AUDIT_COLUMNS = Object.keys(auditEntrySchema.shape);

export const auditEntryExample = {
  at: "2026-12-01T10:00:00.000Z",
  operator: "alex",
  action: "ROOM_CHANGED" as const,
  room: "main" as RoomId,
  subject: null,
  before: { state: "OPEN" },
  after: { state: "HELD" },
  reason: "the payment provider is slow",
};

type Changed = Readonly<Record<string, unknown>> | null;

/** `new` is a keyword of the languages that clients are generated for. */
export function auditEntryBody({ entryId: _, old, new: next, reason, ...entry }: AuditEntry) {
  return { ...entry, before: old as Changed, after: next as Changed, reason };
}
