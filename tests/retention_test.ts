import assert from "node:assert/strict";
import type { Sql } from "../src/adapters/postgres/sql.ts";
import { countOf } from "./contract/box_office/laws.ts";
import { newFan } from "./support/api_box.ts";
import { type Box, openBox } from "./support/box.ts";
import { readDocument, sectionOf, tableRows } from "./support/documents.ts";
import { openTestDatabase } from "./support/embedded_database.ts";
import { openReceiver, type Receiver } from "./support/receiver.ts";
import { charge, holdSeats, pay, putOnSale } from "./support/sale.ts";

const operator = true;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const KEPT_FOR_GOOD = ["payments", "ledger_entries", "tickets", "reservations", "audit_log"];

const rowsOf = (sql: Sql, table: string) => countOf(sql, `select count(*) from ${table}`);

/** What the cron sweeps or marks. */
async function swept(sql: Sql): Promise<Record<string, number>> {
  return {
    held: await rowsOf(sql, "reservations where status = 'HELD'"),
    idempotency_records: await rowsOf(sql, "idempotency_records"),
    webhooks: await rowsOf(sql, "webhooks"),
    deliveries: await rowsOf(sql, "deliveries"),
    events: await rowsOf(sql, "events"),
  };
}

/** A charge and a payment with keys, an event that nobody takes, a hold, and a deleted webhook. */
async function sellALittle(box: Box, receiver: Receiver): Promise<void> {
  const register = (url: string) =>
    box.call("POST", "/v1/admin/webhooks", {
      operator,
      json: { url, events: ["payment.completed"] },
    });
  await register(receiver.url);
  const { body: { webhookId } } = await register(`${receiver.url}/gone`);
  const fan = newFan("buys");
  const sale = await putOnSale(box, { dates: [3] });
  await charge(box, fan, 5000);
  const place = await box.join(fan);
  const [one, two] = sale.schedules[0]!.seatIds as [number, number];
  receiver.answer = () => new Response(null, { status: 500 });
  await pay(box, fan, await holdSeats(box, fan, place, sale, [one]));
  await box.settle();
  await holdSeats(box, fan, await box.join(fan), sale, [two]);
  await box.call("DELETE", `/v1/admin/webhooks/${webhookId}`, { operator });
}

/** Time passes in a deployment in which somebody is in line, and the cron runs. */
async function pass(box: Box, ms: number): Promise<void> {
  box.clock.advance(ms);
  await box.join(newFan("in line"));
  await box.tick();
  await box.settle();
}

Deno.test("docs/operating.md says of every table how long it is kept, and the cron sweeps what it names", async () => {
  const { sql, close } = await openTestDatabase();
  const receiver = await openReceiver();
  try {
    const page = readDocument("docs/operating.md");
    const rows = tableRows(sectionOf(page, "What is kept, and for how long"));
    const named = rows.flatMap(([tables]) =>
      [...tables!.matchAll(/`([a-z_]+)`/g)].map(([, table]) => table!)
    );
    const tables = "select tablename::text as name from pg_tables where schemaname = 'public'";
    const present = (await sql(tables, [])).map(({ name }) => String(name));
    assert.deepEqual(named.toSorted(), present.toSorted());

    const box = openBox(sql);
    await sellALittle(box, receiver);
    const fresh = { held: 1, idempotency_records: 2, webhooks: 2, deliveries: 1, events: 1 };
    assert.deepEqual(await swept(sql), fresh);
    const kept = () => Promise.all(KEPT_FOR_GOOD.map((table) => rowsOf(sql, table)));
    const before = await kept();
    await pass(box, HOUR_MS);
    assert.deepEqual(await swept(sql), { ...fresh, held: 0 });
    // An idempotency key is kept for 25 hours, a deleted webhook for a day, a delivery for 24 hours.
    await pass(box, 25 * HOUR_MS);
    const old = { held: 0, idempotency_records: 0, webhooks: 1, deliveries: 0, events: 1 };
    assert.deepEqual(await swept(sql), old);
    await pass(box, 6 * DAY_MS);
    assert.deepEqual(await swept(sql), old);
    await pass(box, DAY_MS);
    assert.deepEqual(await swept(sql), { ...old, events: 0 });
    assert.deepEqual(await kept(), before);
  } finally {
    await receiver.close();
    await close();
  }
});
