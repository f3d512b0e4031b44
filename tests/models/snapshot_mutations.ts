import type { RaceMutation } from "./mutations.ts";

const HOLDING = "adapters/postgres/migrations/003.do.holds.sql";
const STATUSES = "adapters/postgres/migrations/014.do.seat_statuses.sql";
const PAYING = "adapters/postgres/migrations/004.do.payments.sql";
const REFUNDS = "adapters/postgres/migrations/007.do.refunds.sql";
const OVERDUE = "a payment or a refund that lasts too long fails as a whole";
const ALL_ACTS = "a snapshot has every act whose time it has reached";

/** Without these the time of a snapshot says more than is in it. */
export const SNAPSHOT_RACE_MUTATIONS: readonly RaceMutation[] = [
  {
    guard: "a snapshot is older than the acts that are being written",
    file: STATUSES,
    text: "      select min(a.xact_start)",
    replacement: "      select max(now())",
    race: "a snapshot is older than every act that it does not have",
    law: /is not before/,
  },
  {
    guard: "a snapshot goes back as far as an act can last",
    file: STATUSES,
    text: "now() - longest_act() - interval '1 second'",
    replacement: "now() - interval '1 second'",
    race: "a payment that waits long after its decision is later than the snapshots without it",
    law: /is not before/,
  },
  {
    guard: "a snapshot looks at the writers before it looks at the seats",
    file: STATUSES,
    text: "        'takenAt', rfc3339(v_taken_at),",
    replacement: "        'takenAt', rfc3339(clock_timestamp() + interval '2 milliseconds'),",
    race: ALL_ACTS,
    law: /misses an act/,
  },
  {
    guard: "a cancellation is as late as its lock",
    file: HOLDING,
    text: "  v_cancelled_at := coalesce(v_cancelled_at, v_now);",
    replacement: "  v_cancelled_at := coalesce(v_cancelled_at, v_now - interval '1 second');",
    race: ALL_ACTS,
    law: /misses an act/,
  },
  ...[["payment", PAYING], ["refund", REFUNDS]].map(([act, file]) => ({
    guard: `a ${act} lasts no longer than a snapshot goes back`,
    file: file!,
    text: "  perform assert_not_overdue();\n",
    replacement: "",
    race: OVERDUE,
    law: /Missing expected rejection/,
  })),
];
