import { PGlite, type PGliteOptions } from "@electric-sql/pglite";
import { dataDir as freshCluster } from "@electric-sql/pglite-prepopulatedfs";
import { migrate, NewerDatabaseError } from "./migrate.ts";
import type { Sql } from "./sql.ts";

export interface EmbeddedDatabase {
  readonly sql: Sql;
  close(): Promise<void>;
}

/** The folder holds no database that this program can open. It was left as it is. */
export class DatabaseFolderError extends Error {
  override readonly name = "DatabaseFolderError";
}

/**
 * PostgreSQL in this process, migrated: in memory, or in `folder`. A new one starts from a
 * packaged cluster, which takes a fifth of the time of making one. Throws `DatabaseFolderError`.
 */
export async function openEmbeddedDatabase(folder?: string): Promise<EmbeddedDatabase> {
  if (folder === undefined) return await open({ loadDataDir: await freshCluster() });
  // This file exists while a database is created, so that a crash does not leave half of one.
  const making = `${folder}.making`;
  if (await exists(making)) await removeFolder(folder);
  if (await holdsAnything(folder)) return await openKept(folder);
  await Deno.writeTextFile(making, "");
  const database = await open({ dataDir: folder, loadDataDir: await freshCluster() });
  await Deno.remove(making);
  return database;
}

async function openKept(folder: string): Promise<EmbeddedDatabase> {
  if (!await exists(`${folder}/PG_VERSION`)) {
    throw new DatabaseFolderError(`${folder} holds no database; move it away to start anew`);
  }
  try {
    return await open({ dataDir: folder });
  } catch (error) {
    if (error instanceof NewerDatabaseError) throw new DatabaseFolderError(error.message);
    throw new DatabaseFolderError(
      `the database in ${folder} is damaged and was left as it is; put a copy in its place, or ` +
        `move it away to start anew (${(error as Error).message.split("\n")[0]})`,
      { cause: error },
    );
  }
}

async function open(options: PGliteOptions): Promise<EmbeddedDatabase> {
  const database = await PGlite.create(options);
  try {
    await migrateEmbedded(database);
  } catch (error) {
    await database.close();
    throw error;
  }
  return { sql: sqlOf(database), close: () => database.close() };
}

export async function migrateEmbedded(database: PGlite): Promise<void> {
  await migrate({
    query: (text) => database.query<Record<string, unknown>>(text),
    script: async (text) => {
      await database.exec(text);
    },
  });
}

export function sqlOf(database: PGlite): Sql {
  return async (text, params) => {
    const { rows } = await database.query<Record<string, unknown>>(text, [...params]);
    return rows;
  };
}

async function exists(path: string): Promise<boolean> {
  try {
    await Deno.stat(path);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

async function holdsAnything(folder: string): Promise<boolean> {
  if (!await exists(folder)) return false;
  for await (const _entry of Deno.readDir(folder)) return true;
  return false;
}

async function removeFolder(folder: string): Promise<void> {
  if (await exists(folder)) await Deno.remove(folder, { recursive: true });
}
