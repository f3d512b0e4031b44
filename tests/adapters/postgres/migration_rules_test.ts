import { deepEqual, ok } from "node:assert/strict";
import { MAX_ALTERED_TABLES } from "../../../src/adapters/postgres/migrate.ts";

const MIGRATIONS = new URL("../../../src/adapters/postgres/migrations/", import.meta.url);
const LOCKING =
  /\b(?:alter table|drop table|create (?:unique )?index[^;]*? on|create trigger[^;]*? on|drop trigger[^;]*? on|references)\s+(?:if (?:not )?exists\s+)?(?:only\s+)?(\w+)/gi;

/** The tables that a migration locks against writers, without those that it creates. */
function lockedTables(sql: string): string[] {
  const code = sql.replaceAll(/--[^\n]*/g, "");
  const created = new Set([...code.matchAll(/create table (?:if not exists )?(\w+)/gi)]
    .map(([, table]) => table));
  const locked = [...code.matchAll(LOCKING)].map(([, table]) => table!);
  return [...new Set(locked)].filter((table) => !created.has(table)).sort();
}

Deno.test("`lockedTables()` finds the existing tables that a migration locks", () => {
  const sql = `
    -- alter table rooms
    create table tickets (seat_id bigint references seats);
    create index on tickets (seat_id);
    alter table payments add column refunded_at timestamptz;
    create unique index if_any on ledger_entries (entry_id);
    drop table if exists draws;`;
  deepEqual(lockedTables(sql), ["draws", "ledger_entries", "payments", "seats"]);
});

Deno.test("each migration locks few existing tables, so that no act waits too long behind it", async () => {
  let files = 0;
  for await (const { name } of Deno.readDir(MIGRATIONS)) {
    if (!name.endsWith(".sql")) continue;
    files++;
    const locked = lockedTables(await Deno.readTextFile(new URL(name, MIGRATIONS)));
    ok(locked.length <= MAX_ALTERED_TABLES, `${name} locks ${locked.join(", ")}`);
  }
  ok(files >= 6, `${files} files were read`);
});
