import type { Mutation } from "./mutations.ts";

const PAYMENTS = "application/payment_service.ts";
const MAINTENANCE = "application/maintenance.ts";
const STALE = /a look at (concerts|schedules) is as old/;
const PROGRESS = /progress: whoever still polls|L8: every rule in force/;

/** Guards that only the whole application shows: each lies between two of its parts. */
export const WHOLE_MUTATIONS: readonly Mutation[] = [
  {
    guard: "a sell-out evicts the lists, after its commit",
    file: PAYMENTS,
    text: "      context.afterAnswer(() => cache.evict(stale));\n",
    replacement: "",
    law: STALE,
    from: 156,
  },
  {
    guard: "the sell-out of a concert evicts the list of concerts too",
    file: PAYMENTS,
    text: "if (effects.changedConcerts.length > 0) stale.push(...CONCERTS_KEYS);",
    replacement: "",
    law: STALE,
    from: 32,
  },
  {
    guard: "a payment ends the place under which its seats were held",
    file: PAYMENTS,
    text: '      context.afterAnswer(() => queue.endPlaces(effects.places, "PAID"));\n',
    replacement: "",
    law: /a payment ends the place/,
  },
  {
    guard: "the cron repairs rules whose copy was lost",
    file: MAINTENANCE,
    text: "if (recorded) await queue.applyRules(room, recorded.rules, stock);",
    replacement: "if (recorded) void recorded;",
    law: PROGRESS,
  },
  {
    guard: "rules of a restored database are newer than those that the line follows",
    file: "application/room_admin.ts",
    text: "const options = { endLobby, atLeast: counts.rulesVersion };",
    replacement: "const options = { endLobby };",
    law: PROGRESS,
    from: 113,
  },
  {
    guard: "a wiped line gets its rules by the next join",
    file: "application/rules_on_demand.ts",
    text: "          if (!await apply(room, await load(room))) return outcome;\n" +
      "          return await queue.join(room, fan, earlier, options);",
    replacement: "          return outcome;",
    law: PROGRESS,
    from: 382,
  },
  {
    guard: "the cron sweeps lapsed holds",
    file: MAINTENANCE,
    text: "if (run.saleIsOn || hasAskedPostgres) await sweep(run);",
    replacement: "void sweep;",
    law: /progress: every lapsed hold is free/,
  },
  {
    guard: "statuses are a second old at most",
    file: "application/seat_statuses.ts",
    text: "export const SNAPSHOT_TTL_MS = 1_000;",
    replacement: "export const SNAPSHOT_TTL_MS = 9_000;",
    law: /a look at statuses is as old/,
    from: 592,
  },
  {
    guard: "a charge that is sent again, also by another isolate, is done once",
    file: "adapters/postgres/migrations/004.do.payments.sql",
    text: "  if v_recorded is not null then\n    return v_recorded;\n  end if;\n" +
      "  perform keep_currency(p->>'currency');\n  insert into balances as b",
    replacement: "  perform keep_currency(p->>'currency');\n  insert into balances as b",
    law: /B3: a charge is done once|D3: .*charge_balance/,
    from: 639,
  },
];
