import { neon, neonConfig, NeonDbError } from "@neondatabase/serverless";
import { DependencyError } from "../../domain/failures.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Trace } from "../../ports/trace.ts";
import { retryBudget } from "./retry_budget.ts";
import type { Sql } from "./sql.ts";

/** How long one statement may take. It includes the start of a suspended database. */
const DEADLINE_MS = 8_000;
/** A concert of a hundred thousand seats takes seconds, on a small database many. */
const HEAVY_FACTOR = 4;
/** A call that failed later than this is not sent again: its fan has waited too long already. */
const RETRY_WITHIN_MS = 2_000;

const neonEndpoint = neonConfig.fetchEndpoint as (host: string, port: number | string) => string;

// A database on this machine speaks Neon's protocol on its own port, without TLS.
neonConfig.fetchEndpoint = (host, port) =>
  isLoopback(host) ? `http://${host}:${port}/sql` : neonEndpoint(host, port);

/** The headers of a call are among its options: the driver replaces its own by those of `fetch`. */
interface FetchOptions extends RequestInit {
  readonly trace?: Readonly<Record<string, string>>;
}

neonConfig.fetchFunction = (url: string, { trace, headers, ...options }: FetchOptions) =>
  fetch(url, { ...options, headers: { ...headers as Record<string, string>, ...trace } });

function isLoopback(host: string): boolean {
  return host === "localhost" || host === "127.0.0.1" || host === "[::1]";
}

export interface NeonSqlOptions {
  readonly url: string;
  readonly clock: Clock;
  readonly trace: Trace;
  readonly deadlineMs?: number;
  /**
   * A check that is sent together with each statement, in one request and transaction, until the
   * first of them succeeds. If it fails, the statement has no effect.
   */
  readonly check?: { readonly text: string; readonly params: readonly string[] };
}

/**
 * Neon over HTTP: one request for each statement. A repeatable statement is sent once more when no
 * answer came and the retry budget allows it. Throws `DependencyError` when there was no answer. An
 * error of PostgreSQL itself keeps its SQLSTATE.
 */
export function neonSql(options: NeonSqlOptions): Sql {
  const { url, clock, trace, deadlineMs = DEADLINE_MS, check } = options;
  const query = neon(url);
  const budget = retryBudget();
  let isChecked = check === undefined;

  async function send(text: string, params: readonly (string | null)[], withinMs: number) {
    const fetchOptions = { signal: AbortSignal.timeout(withinMs), trace: trace.headers() };
    const rows = await trace.roundTrip("postgres", async () => {
      if (!check || isChecked) return await query.query(text, [...params], { fetchOptions });
      const statements = [
        query.query(check.text, [...check.params]),
        query.query(text, [...params]),
      ];
      return (await query.transaction(statements, { fetchOptions }))[1];
    }, isAnswer);
    isChecked = true;
    return rows as Record<string, unknown>[];
  }

  return async (text, params, { repeatable = false, isHeavy = false } = {}) => {
    const withinMs = isHeavy ? deadlineMs * HEAVY_FACTOR : deadlineMs;
    const sentAtMs = clock();
    budget.countCall();
    try {
      return await send(text, params, withinMs);
    } catch (error) {
      if (isAnswer(error)) throw error;
      const again = repeatable && clock() - sentAtMs < RETRY_WITHIN_MS && budget.takeRetry();
      if (!again) throw new DependencyError("postgres", error);
    }
    try {
      return await send(text, params, withinMs);
    } catch (error) {
      throw isAnswer(error) ? error : new DependencyError("postgres", error);
    }
  };
}

/** Whether PostgreSQL itself answered, with an error of its own. */
function isAnswer(error: unknown): boolean {
  return error instanceof NeonDbError && error.code !== undefined;
}
