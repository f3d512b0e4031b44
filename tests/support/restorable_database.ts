import { PGlite } from "@electric-sql/pglite";
import { dataDir as freshCluster } from "@electric-sql/pglite-prepopulatedfs";
import { migrate } from "../../src/adapters/postgres/migrate.ts";
import type { Sql } from "../../src/adapters/postgres/sql.ts";

/** A database that a running program uses, and that is put back to an earlier moment under it. */
export interface RestorableDatabase {
  readonly sql: Sql;
  /** Takes a backup; what it gives restores the database to this moment. */
  backUp(): Promise<() => Promise<void>>;
  close(): Promise<void>;
}

/** In this process. A backup is a copy of its files. */
export async function openRestorableDatabase(): Promise<RestorableDatabase> {
  let present = await PGlite.create({ loadDataDir: await freshCluster() });
  await migrate({
    query: (text) => present.query<Record<string, unknown>>(text),
    script: async (text) => void await present.exec(text),
  });
  return {
    sql: async (text, params) =>
      (await present.query<Record<string, unknown>>(text, [...params])).rows,
    async backUp() {
      const copy = await present.dumpDataDir("none");
      return async () => {
        await present.close();
        present = await PGlite.create({ loadDataDir: copy });
      };
    },
    close: () => present.close(),
  };
}
