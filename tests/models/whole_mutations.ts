import type { Mutation } from "./mutations.ts";

const PAYMENTS = "application/payment_service.ts";
const HOLDING = "adapters/postgres/migrations/003.do.holds.sql";
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
    from: 34,
  },
  {
    guard: "the sell-out of a concert evicts the list of concerts too",
    file: PAYMENTS,
    text: "if (effects.changedConcerts.length > 0) stale.push(...CONCERTS_KEYS);",
    replacement: "",
    law: STALE,
    from: 525,
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
    text: "await queue.applyRules(room, recorded.rules, stock);",
    replacement: "void stock;",
    law: PROGRESS,
    from: 21,
  },
  {
    guard: "rules of a restored database are newer than those that the line follows",
    file: "application/room_admin.ts",
    text: "const options = { endLobby, atLeast: counts.rulesVersion };",
    replacement: "const options = { endLobby };",
    law: PROGRESS,
    from: 603,
  },
  {
    guard: "a wiped line gets its rules by the next join",
    file: "application/rules_on_demand.ts",
    text: "          if (!await apply(room, await load(room))) return outcome;\n" +
      "          return await queue.join(room, fan, earlier, options);",
    replacement: "          return outcome;",
    law: PROGRESS,
    from: 1439,
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
    from: 88,
  },
  {
    guard: "a charge that is sent again, also by another isolate, is done once",
    file: "adapters/postgres/migrations/004.do.payments.sql",
    text: "  if v_recorded is not null then\n    return v_recorded;\n  end if;\n" +
      "  perform keep_currency(p->>'currency');\n  insert into balances as b",
    replacement: "  perform keep_currency(p->>'currency');\n  insert into balances as b",
    law: /B3: a charge is done once|D3: .*charge_balance/,
    from: 149,
  },
  {
    guard: "a hold makes all its reservations",
    file: HOLDING,
    text: "order by position desc;",
    replacement: "where position < 2 order by position desc;",
    law: /B2: a request holds all its seats or none/,
    from: 26,
  },
  {
    guard: "only the fan of a reservation cancels it",
    file: HOLDING,
    text: "where r.reservation_id = v_id and r.fan_id = p->>'fan';",
    replacement: "where r.reservation_id = v_id;",
    law: /D1: what is another fan's is refused/,
    from: 130,
  },
  {
    guard: "a cached list is for the admitted alone",
    file: "application/catalogue_service.ts",
    text: "      if (!admission.ok) return admission;\n" +
      "      return ok(await readConcertPage(",
    replacement: '      if (!admission.ok && cached.state !== "HIT") return admission;\n' +
      "      return ok(await readConcertPage(",
    law: /D2: no list/,
    from: 130,
  },
  {
    guard: "a token of a deleted room brings nothing into a later one",
    file: "adapters/memory/joining.ts",
    text: " || madeAtMs < rules.current.madeAtMs",
    replacement: "",
    law: /a token of an earlier epoch brings its order once, and a stale one nothing/,
    from: 25,
  },
  {
    guard: "a room with somebody in it is not deleted",
    file: "adapters/memory/queue_store.ts",
    text: "if (room && (room.rules.current.version > version || !room.isUnused)) return false;",
    replacement: "if (room && room.rules.current.version > version) return false;",
    law: /a room with somebody in it is not removed/,
    from: 120,
  },
  {
    guard: "an erasure takes the fan out of every line",
    file: "application/erasure_service.ts",
    text: "await Promise.all(next.map((room) => queue.forgetFan(room, fan)));",
    replacement: "void next;",
    law: /an erased fan has no place of before/,
    from: 330,
  },
  {
    guard: "an erasure forgets the fan's recorded answers",
    file: "adapters/postgres/migrations/016.do.erasure.sql",
    text: "  delete from idempotency_records i where i.caller = 'fan:' || v_fan;\n",
    replacement: "",
    law: /an erased name is in no row/,
  },
  {
    guard: "a challenge without a verdict is not passed",
    file: "application/queue_service.ts",
    text: 'const hasPassedChallenge = verdict === "PASSED";',
    replacement: 'const hasPassedChallenge = verdict !== "NONE" && verdict !== "FAILED";',
    law: /a challenge is passed by the verdict of the verifier alone/,
  },
  {
    guard: "a shared document is of the last second",
    file: "application/fronts.ts",
    text: "if (shared && isYoungerThan(FRONT_TTL_MS, shared) && shared.takenAtMs > keptAtMs) {",
    replacement: "if (shared && shared.takenAtMs > keptAtMs) {",
    law: /a position is (withheld only|of a document)/,
    from: 65,
  },
];
