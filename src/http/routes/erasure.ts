import { z } from "@hono/zod-openapi";
import type { ErasureService } from "../../application/erasure_service.ts";
import { answer, endpoint } from "../pipeline/endpoint.ts";
import { fanIdInPath, reasonQuery } from "../schemas/common.ts";

/** The erasure of a fan. */
export function erasureRoutes({ erasure }: { erasure: ErasureService }) {
  return [
    endpoint({
      name: "eraseFan",
      method: "delete",
      path: "/v1/admin/fans/{userId}",
      tag: "Operator",
      summary: "Erase a fan",
      description:
        "A pseudonym takes the place of the user id in all records: reservations, payments, the " +
        "ledger, sales, events and the audit log. Nobody keeps whose pseudonym it is. No sum " +
        "changes. The fan leaves the line of every room. Who signs in with the same user id " +
        "afterwards is a new person. The answer is the same for a user whom nobody has ever seen, " +
        "and for one who was erased before.",
      needs: "operator",
      params: z.object({ userId: fanIdInPath }),
      query: reasonQuery,
      asksStores: true,
      answers: {
        200: {
          description: "Nothing has the user id any more",
          schema: z.object({
            erased: z.boolean().openapi({ description: "Always true." }),
          }).openapi("Erasure"),
          example: { erased: true },
        },
      },
      failures: ["ERASURE_NOT_POSSIBLE"],
      act: async ({ caller: { operator }, params: { userId }, query: { reason = null } }) => {
        const erased = await erasure.erase(userId, { operator, reason });
        return erased.ok ? answer(200, { erased: true }) : erased;
      },
    }),
  ];
}
