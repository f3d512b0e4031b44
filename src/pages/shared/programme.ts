import type { components } from "@stanchion/client";
import { client } from "./client.ts";
import { everyPage } from "./every_page.ts";
import { type Loading, useLoaded } from "./use_loaded.ts";

export type ProgrammeConcert = components["schemas"]["ProgrammeConcert"];

/** What is or will be on. */
export function useProgramme(): Loading<ProgrammeConcert[]> {
  return useLoaded(() =>
    everyPage(async (cursor) => {
      const query = { limit: 100, ...cursor };
      const { data, error } = await client.GET("/v1/programme", { params: { query } });
      return { error, data: data && { items: data.concerts, nextCursor: data.nextCursor } };
    }), []);
}
