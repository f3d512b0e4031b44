import { openEmbeddedDatabase } from "../../src/adapters/postgres/pglite.ts";
import type { ApiTarget } from "./api_box.ts";
import { type BoxOptions, openBox } from "./box.ts";

/** Boxes in this process: line and cache in memory, the box office in PGlite. */
export async function localTarget(given: BoxOptions = {}): Promise<ApiTarget> {
  const database = await openEmbeddedDatabase();
  return {
    open: async (options = {}) => openBox(database.sql, { ...given, ...options }),
    close: () => database.close(),
  };
}
