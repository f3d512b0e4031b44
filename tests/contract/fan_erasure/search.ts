import type { Sql } from "../../../src/adapters/postgres/sql.ts";

const TABLES = `
  select c.relname::text as name from pg_class c
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') order by 1`;

/** The tables that have this text in some column of some row. */
export async function tablesWith(sql: Sql, text: string): Promise<string[]> {
  const found = [];
  for (const { name } of await sql(TABLES, [])) {
    const [row] = await sql(
      `select exists (select from ${name} t where position($1::text in t::text) > 0) as "has"`,
      [text],
    );
    if (row?.["has"] === true) found.push(String(name));
  }
  return found;
}
