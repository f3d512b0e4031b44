import assert from "node:assert/strict";
import { passLostIds } from "../../src/adapters/postgres/lost_ids.ts";
import { assertLaws } from "../contract/box_office/laws.ts";
import type { Received } from "../support/api_box.ts";
import { type Box, openBox } from "../support/box.ts";
import {
  type BackUp,
  openRestorableDatabase,
  type RestorableDatabase,
} from "../support/restorable_database.ts";
import { holdSeats, pay, type Sale } from "../support/sale.ts";

export const operator = true;

/** A running deployment of its own line, over a database that goes back under it. */
export interface Restoring {
  readonly box: Box;
  readonly database: RestorableDatabase;
}

export type RestoreTest = (
  name: string,
  run: (restoring: Restoring) => Promise<void>,
) => void;

/** Registers tests, which share one deployment. */
export function restoreTests(backUp?: BackUp): RestoreTest {
  let database: RestorableDatabase | undefined;
  let shared: Box | undefined;
  Deno.test.beforeAll(async () => {
    database = await openRestorableDatabase(backUp);
  });
  Deno.test.afterAll(async () => {
    await database?.close();
  });
  return (name, run) =>
    Deno.test(`restored: ${name}`, async () => {
      if (!database) throw new Error("there is no database");
      const box = shared ??= openBox(database.sql);
      try {
        await run({ box, database });
      } finally {
        await box.settle();
      }
      await assertLaws(database.sql);
    });
}

/** What docs/restoring.md says to do after the database is back, but for what one test leaves out. */
export async function followTheSteps({ box, database }: Restoring): Promise<void> {
  await passLostIds(database.sql);
  await evictCaches(box);
}

export async function evictCaches(box: Box): Promise<void> {
  const evicted = await box.call("POST", "/v1/admin/caches/evictions", { operator, json: {} });
  assert.equal(evicted.status, 200, evicted.text);
}

export function credit(box: Box, userId: string, amount: number, key: string): Promise<Received> {
  const json = { userId, amount };
  return box.call("POST", "/v1/admin/balance/charges", { operator, key, json });
}

export async function balanceOf(box: Box, fan: string): Promise<number> {
  return (await box.call("GET", "/v1/balance", { fan })).body.balance;
}

/** Joins, holds and pays for seats of the sale's first date. */
export async function buy(
  box: Box,
  fan: string,
  sale: Sale,
  seatIds: readonly number[],
): Promise<Received> {
  const place = await box.join(fan);
  // Of two counts of the seats at one moment the first one is kept.
  box.clock.advance(1);
  const paid = await pay(box, fan, await holdSeats(box, fan, place, sale, seatIds));
  await box.settle();
  return paid;
}

/** The code of the fan's latest ticket. */
export async function codeOf(box: Box, fan: string): Promise<string> {
  return (await box.call("GET", "/v1/tickets?limit=1", { fan })).body.items[0].code;
}

export function checkIn(box: Box, code: string): Promise<Received> {
  return box.call("POST", "/v1/admin/checkins", { operator, json: { code } });
}

/** The code of a problem, or the status of a success. */
export function codeOrStatus({ status, body }: Received): string {
  return status < 400 ? String(status) : body.code;
}
