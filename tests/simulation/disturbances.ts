import { deepEqual, ok } from "node:assert/strict";
import { noViolations } from "./laws.ts";
import type { Line, LineOptions } from "./line.ts";
import { DEFAULT_ROOM, type SalePlan, SMALL_SALE } from "./plan.ts";
import { playSale } from "./sale.ts";

/** A sale of which everybody polls as told, so nobody may lose anything. */
const CALM: SalePlan = {
  ...SMALL_SALE,
  fans: 2_000,
  joinOverMs: 60_000,
  room: { ...DEFAULT_ROOM, capacity: 20 },
  sessionMs: 30_000,
  untilMs: 1_200_000,
};
const AT_MS = 300_000;
const OUTAGE_MS = 300_000;

function changed(before: Partial<SalePlan["room"]>, after: Partial<SalePlan["room"]>): SalePlan {
  return { ...CALM, room: { ...CALM.room, ...before }, changes: [{ atMs: AT_MS, room: after }] };
}

/** Admissions are short: the slot of a payment during the outage is free when they end. */
function away(room: Partial<SalePlan["room"]>): SalePlan {
  const outage = { fromMs: AT_MS, untilMs: AT_MS + OUTAGE_MS };
  return { ...CALM, room: { ...CALM.room, admissionTtlMs: 60_000, ...room }, outage };
}

/** What may happen in the middle of a sale. */
export const DISTURBANCES: Readonly<Record<string, SalePlan>> = {
  "the capacity rises a hundredfold": changed({}, { capacity: 2_000 }),
  "the rate rises a hundredfold": changed(
    { capacity: 2_000, admissionsPerMinute: 30 },
    { admissionsPerMinute: 3_000 },
  ),
  "the longest poll is lowered": changed({ pollMaxSeconds: 300 }, { pollMaxSeconds: 10 }),
  "the longest poll is raised": changed({ pollMaxSeconds: 10 }, { pollMaxSeconds: 300 }),
  "the longest poll is lowered and the capacity rises": changed(
    { pollMaxSeconds: 300 },
    { pollMaxSeconds: 10, capacity: 2_000 },
  ),
  "the longest poll is raised and the capacity rises": changed(
    { pollMaxSeconds: 10 },
    { pollMaxSeconds: 300, capacity: 2_000 },
  ),
  "the store is away for five minutes": away({}),
  "the store is away for five minutes, with polls up to five minutes": away({
    pollMaxSeconds: 300,
  }),
};

export async function assertNobodyLoses(
  plan: SalePlan,
  openLine: (options: LineOptions) => Promise<Line>,
): Promise<void> {
  const { violations, mostParked, longestIdleMs, farPolls, admitted } = await playSale(
    plan,
    openLine,
  );
  deepEqual({ violations, mostParked, longestIdleMs }, {
    violations: noViolations(),
    mostParked: 0,
    longestIdleMs: 0,
  });
  ok(farPolls > 500, `${farPolls} polls were answered from documents`);
  ok(admitted > 400, `${admitted} were admitted`);
}
