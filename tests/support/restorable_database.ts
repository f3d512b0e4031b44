import { PGlite } from "@electric-sql/pglite";
import { dataDir as freshCluster } from "@electric-sql/pglite-prepopulatedfs";
import { pgDump } from "@electric-sql/pglite-tools/pg_dump";
import { sqlOf } from "../../src/adapters/postgres/pglite.ts";
import type { Sql } from "../../src/adapters/postgres/sql.ts";
import { migratedCluster } from "./embedded_database.ts";

/** A database that a running program uses, and that is put back to an earlier moment under it. */
export interface RestorableDatabase {
  readonly sql: Sql;
  /** Takes a backup; what it gives restores the database to this moment. */
  backUp(): Promise<() => Promise<void>>;
  close(): Promise<void>;
}

/** How a backup is taken. It gives what makes a database of it. */
export type BackUp = (database: PGlite) => Promise<() => Promise<PGlite>>;

/** Copies the files of the database. */
export async function copyFiles(database: PGlite): Promise<() => Promise<PGlite>> {
  const loadDataDir = await database.dumpDataDir("none");
  return () => PGlite.create({ loadDataDir });
}

/** Runs `pg_dump`, and its script in an empty database. */
export async function dump(database: PGlite): Promise<() => Promise<PGlite>> {
  const script = await (await pgDump({ pg: database })).text();
  // PGlite has one session: the transaction and the settings of `pg_dump` stay in it.
  await database.exec("rollback; reset all");
  return async () => {
    const restored = await PGlite.create({ loadDataDir: await freshCluster() });
    await restored.exec(script);
    await restored.exec("reset all");
    return restored;
  };
}

/** In this process. */
export async function openRestorableDatabase(
  backUp: BackUp = copyFiles,
): Promise<RestorableDatabase> {
  let present: PGlite = await PGlite.create({ loadDataDir: await migratedCluster() });
  return {
    sql: (text, params) => sqlOf(present)(text, params),
    async backUp() {
      const restore = await backUp(present);
      return async () => {
        await present.close();
        present = await restore();
      };
    },
    close: () => present.close(),
  };
}
