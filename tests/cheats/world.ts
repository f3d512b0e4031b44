import assert from "node:assert/strict";
import type { BoxSettings, Received } from "../support/api_box.ts";
import { type Box, openBox } from "../support/box.ts";
import { openTestDatabase } from "../support/embedded_database.ts";
import type { Sale } from "../support/sale.ts";

/** Boxes of one file of tests over one database. The clock of a box stands still unless it is moved. */
export async function openBoxes(): Promise<(settings?: BoxSettings) => Box> {
  const database = await openTestDatabase();
  Deno.test.afterAll(() => database.close());
  return (settings = {}) => openBox(database.sql, { settings });
}

export function assertRefused({ status, body }: Received, expected: number, code: string): void {
  assert.deepEqual([status, body?.code], [expected, code]);
}

/** Tries to hold seats of the sale's first date. */
export function tryHold(
  box: Box,
  fan: string,
  place: string,
  { concertId, schedules }: Sale,
  seatIds: readonly number[],
  key?: string,
): Promise<Received> {
  return box.call("POST", "/v1/reservations", {
    fan,
    place,
    ...(key === undefined ? {} : { key }),
    json: { concertId, scheduleId: schedules[0]!.scheduleId, seatIds },
  });
}

/** The status of a seat of the sale's first date, as an admitted fan sees it. */
export async function seatStatus(
  box: Box,
  fan: string,
  place: string,
  { concertId, schedules }: Sale,
  seatId: number,
): Promise<string> {
  const { scheduleId } = schedules[0]!;
  const path = `/v1/concerts/${concertId}/schedules/${scheduleId}/seats`;
  const { body } = await box.call("GET", path, { fan, place });
  return body.seats.find((seat: { seatId: number }) => seat.seatId === seatId).status;
}

/** Time passes in steps in which these fans poll, and the cron runs each minute. */
export async function elapse(box: Box, ms: number, ...places: readonly string[]): Promise<void> {
  const STEP_MS = 10_000;
  for (let passed = 0; passed < ms; passed += STEP_MS) {
    box.clock.advance(Math.min(STEP_MS, ms - passed));
    for (const place of places) await box.call("GET", "/v1/queue/tokens/me", { place });
    if (passed % 60_000 === 0) await box.tick();
  }
}
