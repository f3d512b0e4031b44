import { z } from "@hono/zod-openapi";
import type { ConcertAdmin } from "../../application/concert_admin.ts";
import { refused } from "../../domain/result.ts";
import { answer, endpoint } from "../pipeline/endpoint.ts";
import { seatNumberSchema } from "../schemas/seat.ts";
import { paymentExample } from "../schemas/booking.ts";
import {
  concertIdInPath,
  fanIdSchema,
  moneySchema,
  paymentIdSchema,
  paymentStatusSchema,
  reservationIdSchema,
  scheduleIdInQuery,
  scheduleIdSchema,
  seatIdInQuery,
  seatIdSchema,
  timeSchema,
} from "../schemas/common.ts";
import {
  CSV_NOTE,
  csvPageQuery,
  pageBody,
  pageQuery,
  pageRequest,
  pageSchema,
} from "../schemas/page.ts";

const saleSchema = z.object({
  paymentId: paymentIdSchema,
  reservationId: reservationIdSchema,
  userId: fanIdSchema,
  scheduleId: scheduleIdSchema,
  seatId: seatIdSchema,
  seatNumber: seatNumberSchema,
  seatLabel: z.string(),
  section: z.string().nullable(),
  row: z.string().nullable(),
  amount: moneySchema,
  status: paymentStatusSchema,
  paidAt: timeSchema,
}).openapi("Sale");

const saleExample = {
  paymentId: paymentExample.paymentId,
  reservationId: paymentExample.reservationId,
  userId: "alice",
  scheduleId: 1,
  seatId: 17,
  seatNumber: 412,
  seatLabel: "12",
  section: "R",
  row: "3",
  amount: 110_000,
  status: paymentExample.status,
  paidAt: paymentExample.paidAt,
};

const filters = {
  scheduleId: scheduleIdInQuery.optional(),
  seatId: seatIdInQuery.optional(),
  userId: fanIdSchema.optional(),
};

/** Who bought what. */
export function salesRoutes({ concertAdmin }: { concertAdmin: Pick<ConcertAdmin, "sales"> }) {
  return [
    endpoint({
      name: "listSales",
      method: "get",
      path: "/v1/admin/concerts/{concertId}/sales",
      tag: "Operator",
      summary: "Payments of a concert, newest first",
      description: `Refunded payments too. The filters find the buyer of a seat. ${CSV_NOTE}`,
      needs: "operator",
      params: z.object({ concertId: concertIdInPath }),
      query: pageQuery.extend(filters),
      csv: { columns: Object.keys(saleSchema.shape), query: csvPageQuery.extend(filters) },
      asksStores: true,
      answers: {
        200: {
          description: "A page",
          schema: pageSchema(saleSchema).openapi("Sales"),
          example: { items: [saleExample], nextCursor: null },
        },
      },
      failures: ["CONCERT_NOT_FOUND"],
      act: async ({ params, query }) => {
        const { scheduleId = null, seatId = null, userId = null, ...request } = query;
        const filter = { scheduleId, seatId, userId };
        const page = await concertAdmin.sales(params.concertId, filter, pageRequest(request));
        return page ? answer(200, pageBody(page)) : refused({ kind: "CONCERT_NOT_FOUND" });
      },
    }),
  ];
}
