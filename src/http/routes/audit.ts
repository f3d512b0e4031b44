import type { RoomAdmin } from "../../application/room_admin.ts";
import { answer, endpoint } from "../pipeline/endpoint.ts";
import { auditEntryBody, auditEntryExample, auditEntrySchema } from "../schemas/audit.ts";
import { pageBody, pageQuery, pageRequest, pageSchema } from "../schemas/page.ts";
import { roomIdSchema } from "../schemas/room.ts";

/** The audit log. */
export function auditRoutes({ roomAdmin }: { roomAdmin: Pick<RoomAdmin, "listAudit"> }) {
  return [
    endpoint({
      name: "listAuditLog",
      method: "get",
      path: "/v1/admin/audit",
      tag: "Operator",
      summary: "The acts of operators, newest first",
      needs: "operator",
      query: pageQuery.extend({ room: roomIdSchema.optional() }),
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
