import pg from "pg";

/** The request names no database that could be connected to. */
export class ConnectionStringError extends Error {
  override readonly name = "ConnectionStringError";
}

export interface DatabaseAddress {
  readonly hostname: string;
  readonly port: number;
}

export interface ConnectionPoolsOptions {
  readonly database: DatabaseAddress;
  /** Of each connection string. */
  readonly maxConnections: number;
  readonly connectTimeoutMs: number;
  readonly statementTimeoutMs: number;
}

export interface Pools {
  /** A session for the user and database of `connectionString`, to be released. */
  connect(connectionString: string): Promise<pg.PoolClient>;
  end(): Promise<void>;
}

/** The least recently used pool goes when one more is asked for. */
const MOST_POOLS = 32;

/** One bounded pool for each connection string; all of them lead to the same server. */
export function pools(parts: ConnectionPoolsOptions): Pools {
  const byString = new Map<string, pg.Pool>();
  const ending = new Set<Promise<void>>();

  function end(connectionString: string, pool: pg.Pool): void {
    byString.delete(connectionString);
    const ended = pool.end().finally(() => ending.delete(ended));
    ending.add(ended);
  }

  function poolOf(connectionString: string): pg.Pool {
    const pool = byString.get(connectionString) ?? openPool(connectionString, parts);
    byString.delete(connectionString);
    byString.set(connectionString, pool);
    const [oldest] = byString;
    if (byString.size > MOST_POOLS && oldest) end(...oldest);
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

function openPool(connectionString: string, parts: ConnectionPoolsOptions): pg.Pool {
  const pool = new pg.Pool({
    ...credentialsOf(connectionString),
    host: parts.database.hostname,
    port: parts.database.port,
    max: parts.maxConnections,
    connectionTimeoutMillis: parts.connectTimeoutMs,
    query_timeout: parts.statementTimeoutMs,
  });
  // The pool forgets an idle connection that breaks; the next request opens another.
  pool.on("error", () => {});
  return pool;
}

/** Host and port of the string are of the service that this endpoint stands in for. */
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
    // An empty one is asked for as well; without it pg would look into the environment.
    password: password ?? "",
    database,
    ...(applicationName ? { application_name: applicationName } : {}),
  };
}
