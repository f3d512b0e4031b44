import assert from "node:assert/strict";
import { openEmbeddedDatabase } from "../src/adapters/postgres/pglite.ts";
import { countOf } from "./contract/box_office/laws.ts";
import { newFan } from "./support/api_box.ts";
import { openBox } from "./support/box.ts";
import { readDocument, sectionOf, tableRows } from "./support/documents.ts";
import { openReceiver } from "./support/receiver.ts";
import { charge, holdSeats, pay, putOnSale } from "./support/sale.ts";

const operator = true;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

Deno.test("docs/operating.md says of every table how long it is kept, and the cron sweeps what it names", async () => {
  const { sql, close } = await openEmbeddedDatabase();
  const receiver = await openReceiver();
  try {
    const rows = tableRows(
      sectionOf(readDocument("docs/operating.md"), "What is kept, and for how long"),
    );
    const named = rows.flatMap(([tables]) =>
      [...tables!.matchAll(/`([a-z_]+)`/g)].map(([, t]) => t!)
    );
    const present = await sql(
      "select tablename::text as name from pg_tables where schemaname = 'public' order by 1",
      [],
    );
    assert.deepEqual(named.toSorted(), present.map(({ name }) => name));

    const box = openBox(sql);
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

    const held = () => countOf(sql, "select count(*) from reservations where status = 'HELD'");
    const of = (table: string) => countOf(sql, `select count(*) from ${table}`);
    const counts = async () => ({
      held: await held(),
      idempotency_records: await of("idempotency_records"),
      webhooks: await of("webhooks"),
      deliveries: await of("deliveries"),
      events: await of("events"),
    });
    /** The cron of a deployment in which somebody is in line. */
    async function pass(ms: number) {
      box.clock.advance(ms);
      await box.join(newFan("in line"));
      await box.tick();
      await box.settle();
      return await counts();
    }
    assert.deepEqual(await counts(), {
      held: 1,
      idempotency_records: 2,
      webhooks: 2,
      deliveries: 1,
      events: 1,
    });
    const money = ["payments", "ledger_entries", "tickets", "reservations", "audit_log"];
    const kept = await Promise.all(money.map(of));
    assert.deepEqual(await pass(HOUR_MS), {
      held: 0,
      idempotency_records: 2,
      webhooks: 2,
      deliveries: 1,
      events: 1,
    });
    // An idempotency key is kept for 25 hours, a deleted webhook for a day, retries for 24 hours.
    assert.deepEqual(await pass(25 * HOUR_MS), {
      held: 0,
      idempotency_records: 0,
      webhooks: 1,
      deliveries: 0,
      events: 1,
    });
    assert.equal((await pass(6 * DAY_MS)).events, 1);
    assert.equal((await pass(DAY_MS)).events, 0, "8 days are over");
    assert.deepEqual(await Promise.all(money.map(of)), kept, "records of money are kept");
  } finally {
    await receiver.close();
    await close();
  }
});
