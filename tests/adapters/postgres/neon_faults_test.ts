import { deepEqual, equal, ok, rejects } from "node:assert/strict";
import { queryJson } from "../../../src/adapters/postgres/sql.ts";
import { DependencyError } from "../../../src/domain/failures.ts";
import type { Fault } from "../../../src/tools/local_cloud/faults.ts";
import type { Trace } from "../../../src/ports/trace.ts";
import { assertLaws, countOf } from "../../contract/box_office/laws.ts";
import { type BoxOffice, newFan, PRICE } from "../../contract/box_office/office.ts";
import { withManualDeadlines } from "../../support/deadlines.ts";
import { testClock } from "../../support/test_clock.ts";
import { HANG_MS, waitUntil, withoutHang } from "../../support/wait.ts";
import {
  type PostgresDatabase,
  startTestPostgres,
  type TestPostgres,
} from "../../support/postgres_server.ts";
import { type NeonForTests, type NeonOptions, neonOver } from "./neon_office.ts";
import { actsIn, CHARGED, ONCE_ONLY, REPEATABLE } from "./office_acts.ts";
import { officeOver } from "./office.ts";

const RETRY_WITHIN_MS = 2_000;
const CALLS_A_RETRY = 10;

const FAULTS: readonly Fault[] = [
  { kind: "reset" },
  { kind: "hang" },
  { kind: "drip", everyMs: 1_000 },
  { kind: "status429" },
  { kind: "status500" },
  { kind: "lose" },
];

let server: TestPostgres | undefined;
let database: PostgresDatabase | undefined;
let neon: NeonForTests | undefined;
Deno.test.beforeAll(async () => {
  server = await startTestPostgres();
  database = await server.createDatabase(2);
  neon = neonOver(server, database);
});
Deno.test.afterAll(async () => {
  await neon?.endpoint.close();
  await database?.close();
  await server?.stop();
});

/** A new office over Neon: one that has called so often that it may send one call again, or not. */
async function openOffice({ retries = 0, ...options }: NeonOptions & { retries?: number } = {}) {
  const sql = neon!.connect({ deadlineMs: HANG_MS, ...options });
  for (let call = 0; call < retries * CALLS_A_RETRY; call++) await sql("select 1", []);
  return officeOver({ sql, close: () => Promise.resolve() });
}

async function requests(act: () => Promise<unknown>): Promise<number> {
  neon!.endpoint.counts.reset();
  await act();
  return neon!.endpoint.counts.requests;
}

async function unavailable(act: () => Promise<unknown>): Promise<void> {
  await rejects(withoutHang("the failure of an act", act()), (error) => {
    if (!(error instanceof DependencyError)) throw error;
    return error.dependency === "postgres";
  });
}

async function underFault<Value>(fault: Fault, act: () => Promise<Value>): Promise<Value> {
  const { faults } = neon!.endpoint;
  faults.inject(fault);
  try {
    return await withoutHang(`an act under \`${fault.kind}\``, act());
  } finally {
    faults.clear();
  }
}

/** The act fails as a dependency under this fault, after one request. */
async function failsUnder(fault: Fault, act: () => Promise<unknown>): Promise<void> {
  const { counts } = neon!.endpoint;
  await withManualDeadlines(async ({ headReceived, expire }) => {
    counts.reset();
    await underFault(fault, async () => {
      const failure = unavailable(act);
      if (fault.kind === "hang") {
        await waitUntil("the request that hangs", () => counts.requests > 0);
        expire();
      } else if (fault.kind === "drip") {
        await headReceived();
        expire();
      }
      await failure;
    });
  });
  equal(counts.requests, 1);
}

for (const fault of FAULTS) {
  Deno.test(`neon: under \`${fault.kind}\` every act fails as a dependency, after one request`, async () => {
    for (const name of [...REPEATABLE, ...ONCE_ONLY]) {
      // A new office has earned no retry yet.
      const { repeatable, onceOnly } = await actsIn(database!, await openOffice());
      const act = { ...repeatable, ...onceOnly }[name];
      await failsUnder(fault, act);
    }
    await assertLaws(database!.sql);
  });
}

for (const name of REPEATABLE) {
  Deno.test(`neon: the lost answer to \`${name}\` is asked for again, and nothing is done twice`, async () => {
    const { fan, repeatable } = await actsIn(database!, await openOffice({ retries: 1 }));
    const act = repeatable[name]!;
    let answer: unknown;
    const sent = await requests(async () => {
      answer = await underFault({ kind: "lose", times: 1 }, act);
    });
    equal(sent, 2);
    deepEqual(await act(), answer, "the one answer");
    const changed: Partial<Record<string, number>> = { pay: -2 * PRICE, charge: 5 };
    const balance = CHARGED + (changed[name] ?? 0);
    equal(
      await countOf(database!.sql, "select balance from balances where fan_id = $1", fan),
      balance,
    );
    const payments = "select count(*) from payments where fan_id = $1";
    equal(await countOf(database!.sql, payments, fan), name === "pay" ? 2 : 0);
    await assertLaws(database!.sql);
  });
}

for (const name of ONCE_ONLY) {
  Deno.test(`neon: \`${name}\` is never sent again`, async () => {
    const { onceOnly } = await actsIn(database!, await openOffice({ retries: 2 }));
    for (const kind of ["lose", "reset"] as const) {
      const act = () => underFault({ kind, times: 1 }, () => unavailable(onceOnly[name]!));
      equal(await requests(act), 1, kind);
    }
    await assertLaws(database!.sql);
  });
}

Deno.test("neon: a call that failed late is not sent again", async () => {
  for (const [tookMs, sends] of [[RETRY_WITHIN_MS - 1, 2], [RETRY_WITHIN_MS, 1]] as const) {
    const clock = testClock();
    let slow = false;
    const trace: Trace = {
      async roundTrip(_store, act) {
        try {
          return await act();
        } finally {
          if (slow) clock.advance(tookMs);
        }
      },
    };
    const { accounts } = await openOffice({ retries: 1, clock, trace });
    slow = true;
    const act = () => unavailable(() => accounts.balance(newFan({} as BoxOffice).fan));
    equal(await requests(() => underFault({ kind: "reset" }, act)), sends, `${tookMs} ms`);
  }
});

Deno.test("neon: an outage of a hundred calls sends a hundred and ten requests at most", async () => {
  const { repeatable: { balance } } = await actsIn(database!, await openOffice());
  const sent = await requests(() =>
    underFault({ kind: "status500" }, async () => {
      for (let call = 0; call < 100; call++) await unavailable(balance!);
    })
  );
  console.log(`100 repeatable calls in an outage: ${sent} requests`);
  ok(sent <= 110, `${sent} requests`);
  ok(sent >= 105, `${sent} requests: it never tried again`);
});

Deno.test("neon: an error of PostgreSQL keeps its SQLSTATE, and is not retried", async () => {
  const sql = neon!.connect();
  for (let call = 0; call < CALLS_A_RETRY; call++) await sql("select 1", []);
  const answers: [string, string][] = [
    ["42601", "selekt 1"],
    ["42P01", "select * from nowhere"],
    ["22012", "select 1/0"],
    ["23514", "insert into balances (fan_id, balance) values ('nobody', -1)"],
  ];
  for (const [code, text] of answers) {
    const act = () => sql(text, [], { repeatable: true });
    equal(await requests(() => rejects(act, { code })), 1, text);
    await rejects(queryJson(sql, text, []), { name: "NeonDbError", code });
  }
  const secondTime = () => sql("select 1/0", [], { repeatable: true });
  const fault: Fault = { kind: "reset", times: 1 };
  equal(await requests(() => underFault(fault, () => rejects(secondTime, { code: "22012" }))), 2);
});

Deno.test("neon: SQLSTATEs of a database out of reach give a `DependencyError`", async () => {
  const { sql, close } = await database!.connect();
  const { fan } = newFan({} as BoxOffice);
  await sql("insert into balances (fan_id, balance) values ($1, 0)", [fan]);
  await sql("begin", []);
  await sql("select from balances where fan_id = $1 for update", [fan]);
  const nowait = "select balance from balances where fan_id = $1 for update nowait";
  await rejects(neon!.connect()(nowait, [fan]), { code: "55P03" });
  await unavailable(() => queryJson(neon!.connect(), nowait, [fan]));
  await sql("rollback", []);
  await close();
  for (const code of ["08006", "53300", "57P01", "57P03", "55P03"]) {
    const failing = () => Promise.reject(Object.assign(new Error("refused"), { code }));
    await rejects(queryJson(failing, "select 1", []), DependencyError, code);
  }
  for (const code of ["58030", "40P01", "5500A"]) {
    const failing = () => Promise.reject(Object.assign(new Error("refused"), { code }));
    await rejects(queryJson(failing, "select 1", []), { code }, code);
  }
});

Deno.test("neon: the deadline is long enough for a database that has to wake up", async () => {
  const [deadlineMs] = await withManualDeadlines(async ({ askedMs }) => {
    // A drip is a database that works, but answers late.
    await underFault({ kind: "drip", everyMs: 1 }, () => neon!.connect()("select 1", []));
    return askedMs;
  });
  ok(deadlineMs! >= 2 * 3_000 && deadlineMs! <= 10_000, `${deadlineMs} ms`);
});

Deno.test("neon: a read that the waking database cut is sent again", async () => {
  const { accounts } = await openOffice({ retries: 1 });
  const { counts, faults } = neon!.endpoint;
  faults.inject({ kind: "hang", times: 1 });
  const sent = await requests(async () => {
    const balance = accounts.balance(newFan({} as BoxOffice).fan);
    await waitUntil("the request that hangs", () => counts.requests > 0);
    faults.clear();
    equal(await balance, 0);
  });
  equal(sent, 2);
});
