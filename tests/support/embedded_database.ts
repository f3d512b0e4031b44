import { PGlite } from "@electric-sql/pglite";
import { dataDir as freshCluster } from "@electric-sql/pglite-prepopulatedfs";
import { createHash } from "node:crypto";
import { fileURLToPath } from "node:url";
import {
  type EmbeddedDatabase,
  migrateEmbedded,
  sqlOf,
} from "../../src/adapters/postgres/pglite.ts";
import tools from "../../src/tools/deno.json" with { type: "json" };

const MIGRATIONS = fileURLToPath(
  new URL("../../src/adapters/postgres/migrations/", import.meta.url),
);
const COPIES = fileURLToPath(new URL("../../dist/test_databases/", import.meta.url));

/**
 * What `openEmbeddedDatabase()` gives, in memory. It starts from a copy of a migrated database that
 * all tests share, because the migrations take three quarters of the time of an opening. The first
 * test makes the copy; other migrations have another one, which takes its place.
 */
export async function openTestDatabase(): Promise<EmbeddedDatabase> {
  const database = await PGlite.create({ loadDataDir: await migratedCluster() });
  return { sql: sqlOf(database), close: () => database.close() };
}

export async function migratedCluster(): Promise<Blob> {
  const path = `${COPIES}${await nameOfCopy()}.tar`;
  const kept = await Deno.readFile(path).catch(() => null);
  if (kept) return new Blob([kept]);
  const cluster = await makeMigratedCluster();
  // Tests that run at the same time must not read half of a file, nor write into the same one.
  await Deno.mkdir(COPIES, { recursive: true });
  for await (const { name } of Deno.readDir(COPIES)) {
    if (name.endsWith(".tar")) await Deno.remove(COPIES + name).catch(() => {});
  }
  const part = await Deno.makeTempFile({ dir: COPIES });
  await Deno.writeFile(part, new Uint8Array(await cluster.arrayBuffer()));
  await Deno.rename(part, path);
  return cluster;
}

/** Differs when a migration, or the version of the database, does. */
async function nameOfCopy(): Promise<string> {
  const files = (await Array.fromAsync(Deno.readDir(MIGRATIONS))).map(({ name }) => name).sort();
  const hash = createHash("sha256").update(JSON.stringify(tools.imports));
  for (const file of files) hash.update(file).update(await Deno.readFile(MIGRATIONS + file));
  return hash.digest("hex").slice(0, 16);
}

async function makeMigratedCluster(): Promise<Blob> {
  const database = await PGlite.create({ loadDataDir: await freshCluster() });
  try {
    await migrateEmbedded(database);
    return await database.dumpDataDir("none");
  } finally {
    await database.close();
  }
}
