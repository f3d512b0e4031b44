import { deepEqual, ok } from "node:assert/strict";
import {
  FANS,
  KEYS_KEPT_SECONDS,
  rotatingSale,
  type Secrets,
  type Stage,
  WAITING_TTL_SECONDS,
} from "./rotating_sale.ts";
import { openTestDatabase } from "../support/embedded_database.ts";

const database = await openTestDatabase();
Deno.test.afterAll(() => database.close());

const OLD: Secrets = {
  QUEUE_TOKEN_SECRET: "old-queue-".padEnd(32, "o"),
  USER_JWT_SECRET: "old-user-".padEnd(32, "o"),
  SIGNING_KEY: "1".repeat(64),
};
const NEW: Secrets = {
  QUEUE_TOKEN_SECRET: "new-queue-".padEnd(32, "n"),
  USER_JWT_SECRET: "new-user-".padEnd(32, "n"),
  SIGNING_KEY: "2".repeat(64),
};
const both = (name: keyof Secrets) => `${NEW[name]},${OLD[name]}`;
const FIRST_AT = 100;
const SECOND_AT = FIRST_AT + KEYS_KEPT_SECONDS;
const LAST_AT = SECOND_AT + WAITING_TTL_SECONDS;

/** As docs/operating.md has it: every new secret is added, and every old one removed after its time. */
const ROTATION: readonly Stage[] = [
  { fromSeconds: 0, secrets: OLD, userSecret: OLD.USER_JWT_SECRET },
  {
    fromSeconds: FIRST_AT,
    secrets: {
      QUEUE_TOKEN_SECRET: both("QUEUE_TOKEN_SECRET"),
      USER_JWT_SECRET: both("USER_JWT_SECRET"),
      // Doors and other servers learn the new key before it signs.
      SIGNING_KEY: `${OLD.SIGNING_KEY},${NEW.SIGNING_KEY}`,
    },
    userSecret: OLD.USER_JWT_SECRET,
  },
  {
    fromSeconds: SECOND_AT,
    secrets: {
      QUEUE_TOKEN_SECRET: both("QUEUE_TOKEN_SECRET"),
      USER_JWT_SECRET: both("USER_JWT_SECRET"),
      SIGNING_KEY: both("SIGNING_KEY"),
    },
    userSecret: NEW.USER_JWT_SECRET,
  },
  { fromSeconds: LAST_AT, secrets: NEW, userSecret: NEW.USER_JWT_SECRET },
];

Deno.test("every secret is rotated in mid-sale, and no fan, door or other server notices", async () => {
  const outcome = await rotatingSale(database.sql, ROTATION);
  deepEqual(outcome, { noticed: [], letIn: FANS, restarts: 3 });
});

/** The same rotation, but for one secret whose old value is dropped with the first restart. */
function dropping(name: keyof Secrets): Stage[] {
  return ROTATION.map((stage, index) => ({
    ...stage,
    secrets: index === 0 ? stage.secrets : { ...stage.secrets, [name]: NEW[name] },
    userSecret: index > 0 && name === "USER_JWT_SECRET" ? NEW.USER_JWT_SECRET : stage.userSecret,
  }));
}

const NOTICED: Readonly<Record<keyof Secrets, RegExp>> = {
  QUEUE_TOKEN_SECRET: /QUEUE_TOKEN_INVALID/,
  USER_JWT_SECRET: /UNAUTHENTICATED/,
  SIGNING_KEY: /another server|TICKET_CODE_INVALID/,
};

for (const [name, expected] of Object.entries(NOTICED) as [keyof Secrets, RegExp][]) {
  Deno.test(`an old ${name} that is dropped at once is noticed`, async () => {
    const { noticed } = await rotatingSale(database.sql, dropping(name));
    ok(noticed.length > 0 && noticed.every((what) => expected.test(what)), `${noticed}`);
  });
}

Deno.test("a QUEUE_TOKEN_SECRET that is dropped before WAITING_TTL_SECONDS have passed is noticed", async () => {
  const queue = [OLD.QUEUE_TOKEN_SECRET, both("QUEUE_TOKEN_SECRET"), NEW.QUEUE_TOKEN_SECRET];
  const early = queue.map((QUEUE_TOKEN_SECRET, index): Stage => ({
    fromSeconds: [0, FIRST_AT, FIRST_AT + 5][index]!,
    secrets: { ...OLD, QUEUE_TOKEN_SECRET },
    userSecret: OLD.USER_JWT_SECRET,
  }));
  const { noticed } = await rotatingSale(database.sql, early);
  ok(noticed.some((what) => /QUEUE_TOKEN_INVALID/.test(what)), `${noticed}`);
});
