import type { Sql } from "./sql.ts";

/** More rows of one table than a deployment writes between a backup and its restoration. */
export const MAX_LOST_IDS = 10_000_000;

const PASS_LOST_IDS = `
  select setval(format('%I.%I', schemaname, sequencename)::regclass,
      coalesce(last_value, 0) + $1::text::bigint)
    from pg_sequences where schemaname = 'public'`;

/**
 * Moves every sequence of a restored database ahead, so that no id is given again that was given
 * between the backup and its restoration. Such ids are still about: in printed codes of tickets, in
 * maps that browsers show, and with the receivers of webhooks, who order events by them. It may be
 * repeated.
 */
export async function passLostIds(sql: Sql): Promise<void> {
  await sql(PASS_LOST_IDS, [String(MAX_LOST_IDS)]);
}
