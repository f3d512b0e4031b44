import type { RoomAdmin } from "../../application/room_admin.ts";
import { answer, endpoint } from "../pipeline/endpoint.ts";
import {
  AUDIT_COLUMNS,
  auditEntryBody,
  auditEntryExample,
  auditEntrySchema,
} from "../schemas/audit.ts";
import {
  CSV_NOTE,
  csvPageQuery,
  pageBody,
  pageQuery,
  pageRequest,
  pageSchema,
} from "../schemas/page.ts";
import { roomIdSchema } from "../schemas/room.ts";

const filters = { room: roomIdSchema.optional() };

/** The audit log. */
export function auditRoutes({ roomAdmin }: { roomAdmin: Pick<RoomAdmin, "listAudit"> }) {
  return [
    endpoint({
      name: "listAuditLog",
      method: "get",
      path: "/v1/admin/audit",
      tag: "Operator",
      summary: "The acts of operators, newest first",
      description: CSV_NOTE,
      needs: "operator",
      query: pageQuery.extend(filters),
      csv: { columns: AUDIT_COLUMNS, query: csvPageQuery.extend(filters) },
      asksStores: true,
      answers: {
        200: {
          description: "A page",
          schema: pageSchema(auditEntrySchema).openapi("AuditLog"),
          example: { items: [auditEntryExample], nextCursor: null },
        },
      },
      failures: [],
      act: async ({ query: { room = null, ...page } }) => {
        const { items, next } = await roomAdmin.listAudit(room, pageRequest(page));
        return answer(200, pageBody({ items: items.map(auditEntryBody), next }));
      },
    }),
  ];
}
