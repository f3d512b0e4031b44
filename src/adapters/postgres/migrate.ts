import Postgrator from "postgrator";
import { fileURLToPath } from "node:url";

const MIGRATIONS = fileURLToPath(new URL("./migrations/", import.meta.url));
const VERSION_TABLE = "schema_version";

/** One session of a database: whatever it runs goes over the same connection. */
export interface MigrationSession {
  query(text: string): Promise<{ rows: Record<string, unknown>[] }>;
  /** Several statements at once. */
  script(text: string): Promise<void>;
}

/** A client of one connection that takes several statements at once, as node-postgres' does. */
export interface OneConnection {
  query(text: string): Promise<{ rows: Record<string, unknown>[] }>;
}

export function sessionOf(client: OneConnection): MigrationSession {
  return {
    query: (text) => client.query(text),
    script: async (text) => {
      await client.query(text);
    },
  };
}

/** The versions of a database before and after; 0 is an empty one. */
export interface Migrated {
  readonly from: number;
  readonly to: number;
}

/** A newer program has migrated the database already. */
export class NewerDatabaseError extends Error {
  override readonly name = "NewerDatabaseError";
}

/**
 * Brings the database to the newest version, all or nothing: in one transaction, one migrator at
 * a time. Throws `NewerDatabaseError` when the database has a version that this
 * program does not know, and an error of the runner when an applied migration was changed since.
 */
export async function migrate(session: MigrationSession): Promise<Migrated> {
  const migrations = new Postgrator({
    driver: "pg",
    migrationPattern: `${MIGRATIONS}*.sql`,
    schemaTable: VERSION_TABLE,
    execQuery: (text) => session.query(text),
    execSqlScript: (text) => session.script(text),
  });
  await session.script("begin; select pg_advisory_xact_lock(3, 0);");
  try {
    const present = await migrations.getDatabaseVersion();
    const newest = await migrations.getMaxVersion();
    if (present > newest) {
      throw new NewerDatabaseError(
        `the database has version ${present}, newer than this program's ${newest}`,
      );
    }
    await migrations.migrate();
    await session.script("commit");
    return { from: present, to: newest };
  } catch (error) {
    await session.script("rollback");
    throw error;
  }
}
