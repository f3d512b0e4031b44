import { deepEqual, ok } from "node:assert/strict";
import { postgresOfficeFigures } from "../../../src/adapters/postgres/office_figures.ts";
import { startTestPostgres } from "../../support/postgres_server.ts";

const WINDOW_MS = 300_000;
/** Holds, sales and entries of the ledger come at this pace, for an hour and then a minute more. */
const PER_MINUTE = 1_000;
const HOLD_MINUTES = 5;
const STARTED = Date.parse("2030-01-01T10:00:00Z");

/** Rows of minutes: `status` is that of the reservations. A hold is paid at once, or lapses. */
function fillMinutes(from: number, to: number): string[] {
  const count = (to - from) * PER_MINUTE;
  const at = `timestamptz '2030-01-01T10:00:00Z' + (${from} + (n - 0.5) / ${PER_MINUTE})
    * interval '1 minute'`;
  const id = `${from * PER_MINUTE} + n`;
  return [
    `insert into reservations (reservation_id, fan_id, schedule_id, seat_id, price, status,
        expires_at, created_at, place_room, place_epoch, place_order)
      select 'rsv_' || ${id}, 'fan', 1, ${id}, 10, case when n % 2 = 0 then 'PAID' else 'EXPIRED' end,
        ${at} + interval '${HOLD_MINUTES} minutes', ${at}, 'main', 'epoch', ${id}
      from generate_series(1, ${count}) n`,
    `insert into payments (payment_id, fan_id, reservation_id, amount, status, paid_at)
      select 'pay_' || ${id}, 'fan', 'rsv_' || ${id}, 10, 'COMPLETED', ${at}
      from generate_series(2, ${count}, 2) n`,
    `insert into ledger_entries (fan_id, kind, amount, payment_id, at)
      select 'fan', 'PAYMENT', -10, 'pay_' || ${id}, ${at} from generate_series(2, ${count}, 2) n`,
  ];
}

Deno.test("the figures read rows of the window, and not those of the last hour", async () => {
  const server = await startTestPostgres();
  const database = await server.createDatabase(1);
  const { sql } = database;
  /** How many rows of each table this session has read since its statistics were sent. */
  const rowsRead = async () =>
    new Map((await sql(
      `select relname::text as table, (seq_tup_read + idx_tup_fetch)::integer as rows
        from pg_stat_xact_user_tables
        where relname in ('reservations', 'payments', 'ledger_entries')`,
      [],
    )).map(({ table, rows }) => [String(table), Number(rows)]));
  const readAt = async (minute: number) => {
    const at = new Date(STARTED + minute * 60_000).toISOString();
    // In a transaction none are sent.
    await sql("begin", []);
    const before = await rowsRead();
    const { rooms, ledger } = await postgresOfficeFigures({ sql, actTime: () => at })
      .read({ windowMs: WINDOW_MS, maxRooms: 20 });
    const after = await rowsRead();
    await sql("commit", []);
    const rows = (table: string) => after.get(table)! - (before.get(table) ?? 0);
    return { figures: { rooms, ledger }, rows };
  };
  const fill = async (from: number, to: number) => {
    await sql("set session_replication_role = replica", []);
    for (const text of fillMinutes(from, to)) await sql(text, []);
    await sql("set session_replication_role = origin", []);
    await sql("vacuum analyze", []);
    // As autovacuum does when it comes by.
    await sql(
      `select brin_summarize_new_values(c.oid) from pg_class c
        where c.relkind = 'i' and c.relam = (select oid from pg_am where amname = 'brin')`,
      [],
    );
  };
  try {
    // The oldest rows are there for good: they make the tables large.
    await fill(-120, -60);
    await fill(-10, 0);
    const young = await readAt(0);
    await fill(0, 50);
    const old = await readAt(50);
    const half = PER_MINUTE / 2;
    const expected = {
      rooms: [{ room: "main", holds: 5_000, lapses: 5 * half, sales: 5 * half, amount: 25_000 }],
      ledger: [{ kind: "PAYMENT", entries: 5 * half, amount: 25_000 }],
    };
    for (const { figures, rows } of [young, old]) {
      deepEqual(figures, expected);
      // 10,000 holds began or ended in the window, and a quarter as many were paid. A summary is of
      // 32 blocks: some rows beside these are looked at, too.
      ok(rows("reservations") < 20_000, `${rows("reservations")} reservations`);
      ok(rows("payments") < 6_000, `${rows("payments")} payments`);
      ok(rows("ledger_entries") < 6_000, `${rows("ledger_entries")} ledger entries`);
    }
  } finally {
    await database.close();
    await server.stop();
  }
});
