import type { z } from "@hono/zod-openapi";
import type { Page, PageRequest } from "../../domain/booking.ts";
import type { FanId } from "../../domain/ids.ts";
import { answer, type AnyEndpoint, endpoint } from "../pipeline/endpoint.ts";
import { pageBody, pageQuery, pageRequest, pageSchema } from "../schemas/page.ts";

/** A page of what is the fan's own, newest first. */
export function ownList<Item, Filters extends z.ZodRawShape = Record<never, never>>(
  { name, path, tag, summary, description, schemaName, item, example, filters, list }: {
    readonly name: string;
    readonly path: `/${string}`;
    readonly tag: string;
    readonly summary: string;
    readonly description?: string;
    readonly schemaName: string;
    readonly item: z.ZodType<unknown, Item>;
    readonly example: Item;
    /** The query parameters that choose among the fan's own. */
    readonly filters?: Filters;
    readonly list: (
      fan: FanId,
      page: PageRequest,
      filter: z.output<z.ZodObject<Filters>>,
    ) => Promise<Page<Item>>;
  },
): AnyEndpoint {
  return endpoint({
    name,
    method: "get",
    path,
    tag,
    summary,
    ...(description === undefined ? {} : { description }),
    needs: "user",
    query: pageQuery.extend(filters ?? {}),
    asksStores: true,
    answers: {
      200: {
        description: "A page",
        schema: pageSchema(item).openapi(schemaName),
        example: { items: [example], nextCursor: null },
      },
    },
    failures: [],
    act: async ({ caller, query }) => {
      const { limit, cursor, ...filter } = query;
      // TypeScript cannot infer zod's outputs of generic shapes; the parameters above agree on them.
      const page = await list(caller.fan, pageRequest({ limit, cursor }), filter as never);
      return answer(200, pageBody(page) as never);
    },
  });
}
