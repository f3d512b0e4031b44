import pg from "pg";

/** The request's connection string names no database. */
export class ConnectionStringError extends Error {
  override readonly name = "ConnectionStringError";
}

export interface DatabaseAddress {
  readonly hostname: string;
  readonly port: number;
}

export interface ConnectionPoolsOptions {
  readonly database: DatabaseAddress;
  /** For each connection string. */
  readonly maxConnections: number;
  readonly connectTimeoutMs: number;
  readonly statementTimeoutMs: number;
}

export interface ConnectionPools {
  /** A session for the user and database of `connectionString`, to be released. */
  connect(connectionString: string): Promise<pg.PoolClient>;
  end(): Promise<void>;
}

/** One more ends the least recently used pool. */
const MAX_POOLS = 32;

/** One bounded pool for each connection string. All pools connect to the same server. */
export function createConnectionPools(options: ConnectionPoolsOptions): ConnectionPools {
  const byString = new Map<string, pg.Pool>();
  const ending = new Set<Promise<void>>();

  function end(connectionString: string, pool: pg.Pool): void {
    byString.delete(connectionString);
    const ended = pool.end().finally(() => ending.delete(ended));
    ending.add(ended);
  }

  function poolOf(connectionString: string): pg.Pool {
    const pool = byString.get(connectionString) ?? openPool(connectionString, options);
    byString.delete(connectionString);
    byString.set(connectionString, pool);
    const [oldest] = byString;
    if (byString.size > MAX_POOLS && oldest) end(...oldest);
    return pool;
  }

  return {
    async connect(connectionString) {
      return await poolOf(connectionString).connect();
    },
    async end() {
      for (const [connectionString, pool] of byString) end(connectionString, pool);
      await Promise.all(ending);
    },
  };
}

function openPool(connectionString: string, options: ConnectionPoolsOptions): pg.Pool {
  const pool = new pg.Pool({
    ...credentialsOf(connectionString),
    host: options.database.hostname,
    port: options.database.port,
    max: options.maxConnections,
    connectionTimeoutMillis: options.connectTimeoutMs,
    query_timeout: options.statementTimeoutMs,
  });
  // The pool drops an idle connection that breaks. The next request opens another.
  pool.on("error", () => {});
  return pool;
}

/** Host and port of the string belong to Neon, so they are ignored. */
function credentialsOf(connectionString: string) {
  let url: URL;
  try {
    url = new URL(connectionString);
  } catch {
    throw new ConnectionStringError("invalid connection string");
  }
  if (!/^postgres(ql)?:$/.test(url.protocol)) {
    throw new ConnectionStringError("invalid connection string: not a postgres URL");
  }
  const [user, password, database] = [url.username, url.password, url.pathname.slice(1)]
    .map(decodeURIComponent);
  if (!user || !database) {
    throw new ConnectionStringError("invalid connection string: it names no user or no database");
  }
  const applicationName = url.searchParams.get("application_name");
  return {
    user,
    // pg reads the environment when the password is missing, but not when it is empty.
    password: password ?? "",
    database,
    ...(applicationName ? { application_name: applicationName } : {}),
  };
}
