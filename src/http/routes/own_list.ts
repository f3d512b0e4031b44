import type { z } from "@hono/zod-openapi";
import type { Page, PageRequest } from "../../domain/booking.ts";
import type { FanId } from "../../domain/ids.ts";
import { answer, type AnyEndpoint, endpoint } from "../pipeline/endpoint.ts";
import { pageBody, pageQuery, pageRequest, pageSchema } from "../schemas/page.ts";

/** A page of what is the fan's own, newest first. */
export function ownList<Item>(
  { name, path, tag, summary, schemaName, item, example, list }: {
    readonly name: string;
    readonly path: `/${string}`;
    readonly tag: string;
    readonly summary: string;
    readonly schemaName: string;
    readonly item: z.ZodType<unknown, Item>;
    readonly example: Item;
    readonly list: (fan: FanId, page: PageRequest) => Promise<Page<Item>>;
  },
): AnyEndpoint {
  return endpoint({
    name,
    method: "get",
    path,
    tag,
    summary,
    needs: "user",
    query: pageQuery,
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
      const page = await list(caller.fan, pageRequest(query));
      // TypeScript cannot infer zod's page of a generic item; `item` and `list` agree on it above.
      return answer(200, pageBody(page) as never);
    },
  });
}
