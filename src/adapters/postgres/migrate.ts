import Postgrator from "postgrator";
import { fileURLToPath } from "node:url";

const MIGRATIONS = fileURLToPath(new URL("./migrations/", import.meta.url));
const VERSION_TABLE = "schema_version";
/**
 * How long a migration waits for one lock. Acts of the running program queue behind a migration
 * that waits or holds locks, and wait 5 s for a lock themselves. A migration keeps its locks until
 * its end, so it may alter at most `MAX_ALTERED_TABLES` tables that exist: its waits add up to less
 * than the wait of an act.
 */
const LOCK_TIMEOUT_MS = 1_000;
export const MAX_ALTERED_TABLES = 4;
/** Two-part advisory locks (1, …) and (2, …) are those of idempotency keys and of holds. */
const MIGRATION_LOCK = "3, 0";
const MAX_BLOCKERS = 5;

/** One session of a database: everything runs over the same connection. */
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

export interface MigrateOptions {
  /** Of the migrations; ends with a slash. */
  readonly folder?: string;
  readonly lockTimeoutMs?: number;
}

/** The versions of a database before and after; 0 is an empty one. */
export interface Migrated {
  readonly from: number;
  readonly to: number;
}

/** Why not every migration is applied. Those before the failed one are. */
export class MigrationError extends Error {
  override readonly name: string = "MigrationError";
}

/** A newer program has migrated the database already. */
export class NewerDatabaseError extends MigrationError {
  override readonly name = "NewerDatabaseError";
}

/**
 * Brings the database to the newest version, one migrator at a time. Each migration is one
 * transaction together with its row in the version table, so that a run that ends early is
 * completed by the next one. It waits at most `lockTimeoutMs` for each lock. Throws
 * `NewerDatabaseError` when the database has a version that this program does not know,
 * `MigrationError` when a migration fails, and an error of the runner when a migration was changed
 * after it had been applied.
 */
export async function migrate(
  session: MigrationSession,
  { folder = MIGRATIONS, lockTimeoutMs = LOCK_TIMEOUT_MS }: MigrateOptions = {},
): Promise<Migrated> {
  await session.script(`set lock_timeout = ${lockTimeoutMs}`);
  try {
    await lockMigrations(session, lockTimeoutMs);
    try {
      return await applyMigrations(session, folder, lockTimeoutMs);
    } finally {
      await quietly(session, `select pg_advisory_unlock(${MIGRATION_LOCK})`);
    }
  } finally {
    await quietly(session, "reset lock_timeout");
  }
}

async function lockMigrations(session: MigrationSession, lockTimeoutMs: number): Promise<void> {
  try {
    await session.script(`select pg_advisory_lock(${MIGRATION_LOCK})`);
  } catch (error) {
    if (!isLockTimeout(error)) throw error;
    throw new MigrationError(
      `another run migrates this database and did not end within ${lockTimeoutMs / 1000} s; ` +
        "nothing was changed by this run, which can be repeated",
      { cause: error },
    );
  }
}

async function applyMigrations(
  session: MigrationSession,
  folder: string,
  lockTimeoutMs: number,
): Promise<Migrated> {
  const runner = new Postgrator({
    driver: "pg",
    migrationPattern: `${folder}*.sql`,
    schemaTable: VERSION_TABLE,
    execQuery: (text) => session.query(text),
    execSqlScript: (text) => session.script(text),
  });
  const from = await runner.getDatabaseVersion();
  const migrations = await runner.getMigrations();
  const to = Math.max(...migrations.map(({ version }) => version));
  if (from > to) {
    throw new NewerDatabaseError(
      `the database has version ${from}, newer than this program's ${to}`,
    );
  }
  await runner.validateMigrations(from);
  const pending = migrations.filter(({ version }) => version > from)
    .sort((a, b) => a.version - b.version);
  for (const [index, migration] of pending.entries()) {
    const { version } = migration;
    await session.script("begin");
    try {
      // `migrate()` also makes the version table, and reads and compares all migrations each time.
      if (index === 0) await runner.migrate(String(version));
      else await runner.runMigrations([migration]);
      await session.script("commit");
    } catch (error) {
      await quietly(session, "rollback");
      const applied = pending.slice(0, index).map((one) => one.version);
      throw new MigrationError(
        `migration ${version} failed: ${await reasonOf(session, error, lockTimeoutMs)}; ` +
          `${stateOf(from, applied)}, and running it again goes on from there`,
        { cause: error },
      );
    }
  }
  return { from, to };
}

function stateOf(from: number, applied: readonly number[]): string {
  return applied.length === 0
    ? `the database is at version ${from} as before`
    : `this run has applied ${applied.join(", ")}`;
}

async function reasonOf(
  session: MigrationSession,
  error: unknown,
  lockTimeoutMs: number,
): Promise<string> {
  const message = error instanceof Error ? error.message : String(error);
  if (!isLockTimeout(error)) return message;
  const blockers = await openTransactions(session).catch(() => []);
  return `it waited ${lockTimeoutMs / 1000} s for a lock on a table. ` +
    (blockers.length > 0
      ? `Open transactions: ${blockers.join("; ")}`
      : "No open transaction is left");
}

/** Transactions of other sessions with the tables that they use, the oldest first. */
async function openTransactions(session: MigrationSession): Promise<string[]> {
  const { rows } = await session.query(`
    select a.pid, a.state, to_char(a.xact_start at time zone 'UTC', 'HH24:MI:SS') as since,
        string_agg(distinct l.relation::regclass::text, ', ') as tables
      from pg_stat_activity a
      join pg_locks l on l.pid = a.pid and l.granted and l.locktype = 'relation'
      join pg_class r on r.oid = l.relation and r.relkind in ('r', 'p')
      where a.datname = current_database() and a.pid <> pg_backend_pid()
        and l.database = (select oid from pg_database where datname = current_database())
        and r.relnamespace = 'public'::regnamespace
      group by a.pid, a.state, a.xact_start
      order by a.xact_start limit ${MAX_BLOCKERS}`);
  return rows.map(({ pid, state, since, tables }) =>
    `process ${pid} (${state ?? "of another user"}, since ${since ?? "?"} UTC) uses ${tables}`
  );
}

function isLockTimeout(error: unknown): boolean {
  return (error as { code?: unknown }).code === "55P03";
}

/** After an error, whose message must not be lost. A connection that ended has let go of all. */
async function quietly(session: MigrationSession, text: string): Promise<void> {
  await session.script(text).catch(() => {});
}
