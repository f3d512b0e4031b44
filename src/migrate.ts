import pg from "pg";
import { passLostIds } from "./adapters/postgres/lost_ids.ts";
import { migrate, type Migrated, MigrationError, sessionOf } from "./adapters/postgres/migrate.ts";
import { assertCurrency, clientSql, type Sql } from "./adapters/postgres/sql.ts";
import { ConfigError, settingsFault } from "./config.ts";

const CONNECT_TIMEOUT_MS = 15_000;

/**
 * Brings the database behind `url` to the newest version, over PostgreSQL's own protocol. With a
 * currency it first checks that the amounts of the database are in it. Of a restored database it
 * passes the ids that were lost.
 */
async function migrateDatabase(
  url: string,
  { currency, isRestored }: { readonly currency: string | null; readonly isRestored: boolean },
): Promise<Migrated> {
  const client = new pg.Client({
    connectionString: url,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
  });
  try {
    await client.connect();
  } catch (error) {
    throw new MigrationError(`cannot reach the database of DATABASE_URL: ${messageOf(error)}`);
  }
  try {
    if (currency !== null) await checkCurrency(clientSql(client), currency);
    const migrated = await migrate(sessionOf(client));
    if (isRestored) await passLostIds(clientSql(client));
    return migrated;
  } catch (error) {
    if (error instanceof MigrationError) throw error;
    throw new MigrationError(`nothing was changed: ${messageOf(error)}`);
  } finally {
    await client.end();
  }
}

const KNOWS_CURRENCY =
  `select to_regprocedure('assert_currency(text)') is not null as "knowsCurrency"`;

/** An empty database has no amounts yet. */
async function checkCurrency(sql: Sql, currency: string): Promise<void> {
  const [row] = await sql(KNOWS_CURRENCY, []);
  if (row?.["knowsCurrency"] !== true) return;
  try {
    await assertCurrency(sql, currency);
  } catch (error) {
    const fault = settingsFault(error);
    if (!(fault instanceof ConfigError)) throw error;
    throw new MigrationError(`${fault.message}; nothing was changed`);
  }
}

/** A refused connection to several addresses has its reasons one level deeper. */
function messageOf(error: unknown): string {
  const first = error instanceof AggregateError ? error.errors[0] : error;
  return first instanceof Error ? first.message : String(first);
}

function databaseUrl(): string {
  const url = Deno.env.get("DATABASE_URL");
  if (url && /^postgres(ql)?:\/\//.test(url) && URL.canParse(url)) return url;
  throw new MigrationError(
    "DATABASE_URL must be a URL such as postgresql://user:password@host/database",
  );
}

/** The only argument: the database was restored from a backup. */
const RESTORED = "--restored";

function restoredOf(args: readonly string[]): boolean {
  const unknown = args.find((arg) => arg !== RESTORED);
  if (unknown === undefined) return args.length > 0;
  throw new MigrationError(`unknown argument ${unknown}; there is ${RESTORED} only`);
}

if (import.meta.main) {
  try {
    const { from, to } = await migrateDatabase(databaseUrl(), {
      currency: Deno.env.get("CURRENCY") || null,
      isRestored: restoredOf(Deno.args),
    });
    console.log(
      from === to
        ? `The database is at version ${to} already.`
        : `The database went from version ${from} to version ${to}.`,
    );
    if (restoredOf(Deno.args)) console.log("Ids that were given since the backup are passed.");
  } catch (error) {
    if (!(error instanceof MigrationError)) throw error;
    console.error(error.message);
    Deno.exit(1);
  }
}
