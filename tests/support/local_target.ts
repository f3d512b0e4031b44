import type { ApiTarget } from "./api_box.ts";
import { type BoxOptions, openBox } from "./box.ts";
import { openTestDatabase } from "./embedded_database.ts";

/** Boxes in this process: line and cache in memory, the box office in PGlite. */
export async function localTarget(given: BoxOptions = {}): Promise<ApiTarget> {
  const database = await openTestDatabase();
  return {
    open: async (options = {}) => openBox(database.sql, { ...given, ...options }),
    close: () => database.close(),
  };
}
