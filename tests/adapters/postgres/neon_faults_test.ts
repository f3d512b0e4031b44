import { deepEqual, equal, ok, rejects } from "node:assert/strict";
import { neonConfig } from "@neondatabase/serverless";
import { queryJson, type Sql } from "../../../src/adapters/postgres/sql.ts";
import { DependencyError } from "../../../src/domain/failures.ts";
import type { Fault } from "../../../src/tools/local_cloud/http/faults.ts";
import type { Trace } from "../../../src/ports/trace.ts";
import { assertLaws, countOf } from "../../contract/box_office/laws.ts";
import { type BoxOffice, newFan, PRICE } from "../../contract/box_office/office.ts";
import { testClock } from "../../support/test_clock.ts";
import { untraced } from "../../support/upstash.ts";
import {
  type PostgresDatabase,
  startTestPostgres,
  type TestPostgres,
} from "../../support/postgres_server.ts";
import { type NeonForTests, type NeonOptions, neonOver } from "./neon_office.ts";
import { actsIn, CHARGED, ONCE_ONLY, REPEATABLE } from "./office_acts.ts";
import { officeOver } from "./office.ts";

/** The deadline of calls that must not meet it, however slow the machine is. */
const NEVER_MS = 3_600_000;
/** A guard against endless waiting, not a limit of speed. */
const STUCK_MS = 300_000;
const RETRY_WITHIN_MS = 2_000;
const CALLS_PER_RETRY = 10;

const FAULTS: readonly Fault[] = [
  { kind: "reset" },
  { kind: "hang" },
  { kind: "drip", everyMs: NEVER_MS },
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
  neon = await neonOver(server, database);
});
Deno.test.afterAll(async () => {
  await neon?.endpoint.close();
  await database?.close();
  await server?.stop();
});

/** No deadline passes, and no time passes between a call and its retry. */
function connectWithoutHurry(options: NeonOptions = {}): Sql {
  return neon!.connect({ deadlineMs: NEVER_MS, clock: testClock(), ...options });
}

/** A new office over Neon that has earned the retries. Its clock stands still. */
async function openOffice({ retries = 0, ...options }: NeonOptions & { retries?: number } = {}) {
  const sql = connectWithoutHurry(options);
  for (let call = 0; call < retries * CALLS_PER_RETRY; call++) await sql("select 1", []);
  return officeOver({ sql, close: () => Promise.resolve() });
}

async function requests(act: () => Promise<unknown>): Promise<number> {
  neon!.endpoint.counts.reset();
  await act();
  return neon!.endpoint.counts.requests;
}

async function unavailable(act: () => Promise<unknown>): Promise<void> {
  await rejects(act, (error) => {
    if (!(error instanceof DependencyError)) throw error;
    return error.dependency === "postgres";
  });
}

async function underFault<Value>(fault: Fault, act: () => Promise<Value>): Promise<Value> {
  const { faults } = neon!.endpoint;
  faults.inject(fault);
  let isStuck = false;
  const guard = setTimeout(() => {
    isStuck = true;
    faults.clear();
  }, STUCK_MS);
  try {
    return await act();
  } finally {
    clearTimeout(guard);
    faults.clear();
    equal(isStuck, false, "the call has no deadline");
  }
}

/**
 * Runs the act with deadlines that pass at an event: when the endpoint has got the request, or when
 * the client has got the head of the answer. A deadline in real time can pass before the request
 * arrives on a busy machine. The endpoint then counts the request late, or never.
 */
async function withDeadlineAt<Value>(
  event: "request" | "head",
  act: () => Promise<Value>,
): Promise<Value> {
  const { counts } = neon!.endpoint;
  const originalTimeout = AbortSignal.timeout;
  let deadlines = 0;
  let heads = 0;
  neonConfig.fetchFunction = async (...args: Parameters<typeof fetch>) => {
    const response = await fetch(...args);
    heads++;
    return response;
  };
  AbortSignal.timeout = () => {
    const number = ++deadlines;
    const deadline = new AbortController();
    const watch = setInterval(() => {
      if ((event === "request" ? counts.requests : heads) < number) return;
      clearInterval(watch);
      deadline.abort(new DOMException("Signal timed out.", "TimeoutError"));
    }, 1);
    return deadline.signal;
  };
  try {
    return await act();
  } finally {
    AbortSignal.timeout = originalTimeout;
    neonConfig.fetchFunction = undefined;
  }
}

/** The event at which the deadline passes under a fault that sends no whole answer. */
const DEADLINE_AT: Partial<Record<Fault["kind"], "request" | "head">> = {
  hang: "request",
  drip: "head",
};

for (const fault of FAULTS) {
  Deno.test(`neon: under \`${fault.kind}\` every act fails as a dependency, after one request`, async () => {
    const deadlineAt = DEADLINE_AT[fault.kind];
    for (const name of [...REPEATABLE, ...ONCE_ONLY]) {
      // A new office has earned no retry yet.
      const { repeatable, onceOnly } = await actsIn(database!, await openOffice());
      const act = { ...repeatable, ...onceOnly }[name];
      const fail = () => underFault(fault, () => unavailable(act));
      equal(await requests(deadlineAt ? () => withDeadlineAt(deadlineAt, fail) : fail), 1, name);
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
    const changed: Partial<Record<string, number>> = { pay: -2 * PRICE, charge: 5, correction: 5 };
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
      ...untraced,
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

Deno.test("neon: what PostgreSQL answers keeps its SQLSTATE, and is no reason to ask again", async () => {
  const sql = connectWithoutHurry();
  for (let call = 0; call < CALLS_PER_RETRY; call++) await sql("select 1", []);
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

Deno.test("neon: an SQLSTATE of an unreachable database is a dependency's error", async () => {
  const { sql, close } = await database!.connect();
  const { fan } = newFan({} as BoxOffice);
  await sql("insert into balances (fan_id, balance) values ($1, 0)", [fan]);
  await sql("begin", []);
  await sql("select from balances where fan_id = $1 for update", [fan]);
  const nowait = "select balance from balances where fan_id = $1 for update nowait";
  await rejects(connectWithoutHurry()(nowait, [fan]), { code: "55P03" });
  await unavailable(() => queryJson(connectWithoutHurry(), nowait, [fan]));
  await sql("rollback", []);
  await close();
  for (const code of ["08006", "53300", "57P01", "57P03", "55P03"]) {
    const failing = () => Promise.reject(Object.assign(new Error("failed"), { code }));
    await rejects(queryJson(failing, "select 1", []), DependencyError, code);
  }
  for (const code of ["58030", "40P01", "5500A"]) {
    const failing = () => Promise.reject(Object.assign(new Error("failed"), { code }));
    await rejects(queryJson(failing, "select 1", []), { code }, code);
  }
});

Deno.test("neon: a database that takes its time to wake up is waited for", async () => {
  const deadlines: number[] = [];
  const originalTimeout = AbortSignal.timeout;
  AbortSignal.timeout = (ms) => {
    deadlines.push(ms);
    return new AbortController().signal;
  };
  try {
    // A drip is a database that works, but answers late.
    await underFault({ kind: "drip", everyMs: 1 }, () => neon!.connect()("select 1", []));
  } finally {
    AbortSignal.timeout = originalTimeout;
  }
  const [deadlineMs] = deadlines;
  ok(deadlineMs! >= 2 * 3_000 && deadlineMs! <= 10_000, `${deadlineMs} ms`);
});

Deno.test("neon: a read that the waking database cut is sent again", async () => {
  const { accounts } = await openOffice({ retries: 1 });
  const { counts, faults } = neon!.endpoint;
  faults.inject({ kind: "hang", times: 1 });
  const sent = await requests(async () => {
    const balance = accounts.balance(newFan({} as BoxOffice).fan);
    while (counts.requests === 0) await new Promise((resolve) => setTimeout(resolve, 1));
    faults.clear();
    equal(await balance, 0);
  });
  equal(sent, 2);
});
