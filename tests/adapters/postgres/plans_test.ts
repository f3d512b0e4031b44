import { deepEqual, match, ok } from "node:assert/strict";
import {
  type PostgresDatabase,
  startTestPostgres,
  type TestPostgres,
} from "../../support/postgres_server.ts";
import { fillCatalogue, SMALL_ROOM } from "./large_catalogue.ts";
import {
  type ExecutedPlan,
  type WatchedSession,
  watchedSession,
  wholeScans,
} from "./large_catalogue_plans.ts";
import { type ActName, acts, SIZE } from "./plan_acts.ts";

let server: TestPostgres | undefined;
let database: PostgresDatabase | undefined;
let session: WatchedSession | undefined;

Deno.test.beforeAll(async () => {
  server = await startTestPostgres();
  database = await server.createDatabase(1);
  await fillCatalogue(database.sql, SIZE);
  await database.sql(
    "update concerts set room_id = $1 where concert_id = $2::text::bigint",
    [SMALL_ROOM, String(SIZE.concerts + 1)],
  );
  session = await watchedSession(database.url);
});
Deno.test.afterAll(async () => {
  await session?.close();
  await database?.close();
  await server?.stop();
});

/** The plans of an act after `change`; nothing of either stays. */
async function plansOf(name: ActName, change?: string): Promise<readonly ExecutedPlan[]> {
  const watched = session!;
  await watched.sql("begin", []);
  try {
    if (change) await watched.sql(change, []);
    const plans = await watched.watch(acts(watched)[name]);
    ok(plans.length > 0, "no plan was seen");
    return plans;
  } finally {
    await watched.sql("rollback", []);
  }
}

for (const name of Object.keys(acts({} as WatchedSession)) as ActName[]) {
  Deno.test(`plans: \`${name}\` goes through no table that grows`, async () => {
    deepEqual(wholeScans(await plansOf(name)), []);
  });
}

Deno.test("plans: a buyer's acts read a few rows of each table, by conditions of its indexes", async () => {
  // As in a young sale: statistics know reservations of the first schedules alone.
  const youngSale = `
    do $$ begin
      set local session_replication_role = replica;
      delete from reservations where schedule_id > 2;
      analyze reservations;
    end $$`;
  const plans = await plansOf("holdAll(), pay(), cancel() and charge()", youngSale);
  // A rollback does not bring back the number of rows that the planner knows.
  await session!.sql("analyze reservations", []);
  deepEqual(plans.flatMap(({ wholeIndexes }) => wholeIndexes), []);
});

for (const act of ["seatMap()", "seatStatuses()"] as const) {
  Deno.test(`plans: \`${act}\` reads a date's seats by their index`, async () => {
    const plans = await session!.watch(acts(session!)[act]);
    const reads = plans.flatMap(({ scans }) => scans).filter(({ relation }) =>
      relation === "seats"
    );
    const bySeat = { index: "seats_schedule_id_seat_number_key", node: "Index Scan" };
    // Only a map without seats is followed by a read of the sections that there are.
    const sections = {
      index: "seats_schedule_id_section_row_name_label_key",
      node: "Index Only Scan",
    };
    const planned = act === "seatMap()" ? [bySeat, sections] : [bySeat];
    deepEqual(reads, planned.map((read) => ({ ...read, relation: "seats" })));
  });
}

// It is planned without whole scans, so that what it reads by is looked at instead.
for (const act of ["count()", "count() where all is sold"] as const) {
  Deno.test(`plans: \`${act}\` reads counts and live holds by their indexes, and no seat`, async () => {
    const reads = (await plansOf(act)).flatMap(({ scans }) => scans)
      .flatMap(({ relation, index }) => index === undefined ? [] : [`${relation} by ${index}`]);
    const by =
      /^(concerts|schedules|rooms) by \1_(pkey|of_room|of_concert.*|by_end)$|^reservations by holds_by_end$/;
    deepEqual(reads.filter((read) => !by.test(read)), []);
    ok(reads.includes("reservations by holds_by_end"));
    ok(reads.includes("schedules by schedules_by_end"));
  });
}

/**
 * An index, an act that reads by it, and the table that the act goes through without it; null: it
 * reads that by another index, row by row.
 */
const NEEDED: readonly (readonly [index: string, act: ActName, table: string | null])[] = [
  ["schedules_by_opening", "listOnSale()", "schedules"],
  ["schedules_by_end", "listOnSale()", "schedules"],
  ["schedules_of_concert_by_opening", "listSchedules()", "schedules"],
  ["reservations_of_fan", "listReservations()", "reservations"],
  ["payments_of_fan", "listPayments() and getPayment()", "payments"],
  ["payments_of_fan", "tickets.list(), get() and checkIn()", "payments"],
  ["payment_history_of_payment", "listPayments() and getPayment()", "payment_history"],
  ["ledger_entries_of_fan", "ledgerOf()", null],
  ["reservations_of_schedule", "sales()", "reservations"],
  ["reservations_of_schedule", "get()", "reservations"],
  ["one_payment_of_a_reservation", "sales()", "payments"],
  ["holds_by_end", "sweep()", "reservations"],
  ["idempotency_records_by_age", "sweep()", "idempotency_records"],
  ["audit_log_by_time", "auditLog()", "audit_log"],
  ["audit_log_of_room", "auditLog() of a room", "audit_log"],
];
/** Each stands in for the others, if by more work. */
const INDEXES_OF_SCHEDULES = [
  "schedules_by_end",
  "schedules_by_opening",
  "schedules_of_concert",
  "schedules_of_concert_by_opening",
];

for (const [index, act, table] of NEEDED) {
  Deno.test(`plans: \`${act}\` reads by ${index}, or else goes through ${table ?? "more rows"}`, async () => {
    const used = (await plansOf(act)).flatMap(({ scans }) => scans).map((scan) => scan.index);
    ok(used.includes(index), `it reads by ${used}`);
    if (table === null) return;
    const dropped = table === "schedules" ? INDEXES_OF_SCHEDULES : [index];
    const scans = wholeScans(await plansOf(act, `drop index ${dropped}`));
    match(scans.join("\n"), new RegExp(`^${table}: `, "m"));
  });
}

const NEEDED_KEYS = {
  seats: ["seats_pkey", "seats_seat_id_schedule_id_key"],
  reservations: ["reservations_pkey"],
  idempotency_records: ["idempotency_records_pkey"],
};

for (const [table, keys] of Object.entries(NEEDED_KEYS)) {
  Deno.test(`plans: without its key a buyer's acts go through ${table}`, async () => {
    const act = "holdAll(), pay(), cancel() and charge()";
    const drops = keys.map((key) => `drop constraint ${key} cascade`);
    const change = `alter table ${table} ${drops}`;
    const scans = wholeScans(await plansOf(act, change));
    match(scans.join("\n"), new RegExp(`^${table}: `, "m"));
  });
}
