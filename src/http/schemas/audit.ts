import { z } from "@hono/zod-openapi";
import type { RoomId } from "../../domain/ids.ts";
import { AUDIT_ACTIONS, type AuditEntry } from "../../domain/audit.ts";
import { timeSchema } from "./common.ts";
import { roomIdSchema } from "./room.ts";

const changed = z.record(z.string(), z.unknown()).nullable();

export const auditEntrySchema = z.object({
  at: timeSchema,
  operator: z.string(),
  action: z.enum(AUDIT_ACTIONS),
  room: roomIdSchema.nullable().openapi({ type: ["string", "null"] }),
  subject: z.string().nullable().openapi({
    description: "The id of the concert, payment, user or ticket that was changed.",
  }),
  old: changed.openapi({ description: "The changed values before." }),
  new: changed.openapi({ description: "The changed values after." }),
  reason: z.string().nullable(),
}).openapi("AuditEntry");

export const AUDIT_COLUMNS = Object.keys(auditEntrySchema.shape);

export const auditEntryExample = {
  at: "2026-12-01T10:00:00.000Z",
  operator: "alex",
  action: "ROOM_CHANGED" as const,
  room: "main" as RoomId,
  subject: null,
  old: { state: "OPEN" },
  new: { state: "HELD" },
  reason: "the payment provider is slow",
};

export function auditEntryBody({ entryId: _, ...entry }: AuditEntry) {
  return entry as typeof entry & {
    readonly old: Record<string, unknown> | null;
    readonly new: Record<string, unknown> | null;
  };
}
