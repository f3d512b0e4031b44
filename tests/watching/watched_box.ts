import type { Sql } from "../../src/adapters/postgres/sql.ts";
import type { Stores } from "../../src/composition/stores.ts";
import { standInChallenge } from "../../src/local/stand_in_challenge.ts";
import { DependencyError } from "../../src/domain/failures.ts";
import type { Sent } from "../../src/ports/webhook_sender.ts";
import { BOX_STARTS_MS, OPERATOR_TOKEN } from "../support/api_box.ts";
import { type Box, openBox } from "../support/box.ts";
import { parseScrape } from "../support/open_metrics.ts";
import { testClock } from "../support/test_clock.ts";
import type { Alert } from "./alerts.ts";
import { evaluate, type ScrapedAt } from "./promql.ts";

const MINUTE_MS = 60_000;

/** What may be wrong with a deployment. All is well at first. */
export interface Troubles {
  readonly away: Set<"redis" | "cache" | "postgres">;
  /** How long PostgreSQL takes for a statement, in milliseconds. */
  postgresTakesMs: number;
  /** Whether a part of the program throws an error that is none of a store. */
  hasBug: boolean;
  cronRuns: boolean;
  refundsStop: boolean;
  mayJoin: boolean;
  /** Whether the challenge gives no verdict. */
  challengeIsAway: boolean;
  /** What receivers of webhooks answer. */
  received: Sent;
  /** The token with which Prometheus asks. */
  token: string;
}

export interface WatchedBox {
  readonly box: Box;
  readonly troubles: Troubles;
  /** Lets a minute pass: what happens in each part of it, then the cron, then a scrape. */
  minute(inEach?: () => Promise<unknown>, parts?: number): Promise<void>;
  scrape(): Promise<void>;
  /** Whether the alert has been true in every scrape of its time. */
  fires(alert: Alert): boolean;
}

type Methods = Record<string, (...args: never[]) => Promise<unknown>>;

/** The same port; `before` runs before each call, and may throw. */
function guarded<Port extends object>(port: Port, before: (method: string) => void): Port {
  const methods = Object.entries(port as unknown as Methods).map(([name, act]) => [
    name,
    async (...args: never[]) => {
      before(name);
      return await act(...args);
    },
  ]);
  return Object.fromEntries(methods) as Port;
}

/** A box whose stores, cron and receivers fail as the test says, watched by scrapes. */
export function openWatchedBox(sql: Sql, settings: Record<string, string> = {}): WatchedBox {
  const troubles: Troubles = {
    away: new Set(),
    postgresTakesMs: 0,
    hasBug: false,
    cronRuns: true,
    refundsStop: false,
    mayJoin: true,
    challengeIsAway: false,
    received: { answered: true, status: 204 },
    token: OPERATOR_TOKEN,
  };
  let spentMs = 0;
  const frailSql: Sql = async (...statement) => {
    if (troubles.away.has("postgres")) throw new DependencyError("postgres", new Error("away"));
    spentMs += troubles.postgresTakesMs;
    return await sql(...statement);
  };
  const needs = (...stores: ("redis" | "cache")[]) => () => {
    if (stores.some((store) => troubles.away.has(store))) {
      throw new DependencyError("redis", new Error("away"));
    }
  };
  const wrap = (stores: Stores): Stores => ({
    ...stores,
    queue: guarded(stores.queue, (method) => {
      needs("redis")();
      if (troubles.hasBug && method === "counts") throw new TypeError("a bug");
    }),
    cache: guarded(stores.cache, needs("redis", "cache")),
    admissionCheck: guarded(stores.admissionCheck, needs("redis")),
    refunds: guarded(stores.refunds, (method) => {
      if (troubles.refundsStop && method === "carryOn") {
        throw new DependencyError("postgres", new Error("away"));
      }
    }),
  });
  const clock = testClock(BOX_STARTS_MS);
  const challenge = guarded(standInChallenge({ clock }), () => {
    if (troubles.challengeIsAway) throw new DependencyError("turnstile", new Error("away"));
  });
  const box = openBox(frailSql, {
    challenge,
    settings,
    clock,
    wrap,
    stopwatch: () => clock() + spentMs,
    limitJoins: () => Promise.resolve(troubles.mayJoin ? null : 10),
    sendWebhook: () => Promise.resolve(troubles.received),
  });

  const scrapes: ScrapedAt[] = [];
  async function scrape(): Promise<void> {
    const headers = { Authorization: `Bearer ${troubles.token}` };
    const request = new Request("http://stanchion.test/v1/admin/metrics", { headers });
    const answer = await box.fetch(request);
    const text = await answer.text();
    const samples = answer.status === 200 ? parseScrape(text).samples : [];
    scrapes.push({ atMs: clock(), samples });
  }

  return {
    box,
    troubles,
    scrape,
    async minute(inEach = () => Promise.resolve(), parts = 1) {
      for (let part = 0; part < parts; part++) {
        clock.advance(MINUTE_MS / parts);
        await inEach();
      }
      if (troubles.cronRuns) await box.tick().catch(() => {}); // a failed run is counted
      await box.settle();
      await scrape();
    },
    fires({ expression, forMs }) {
      const since = clock() - forMs;
      const first = scrapes.findLastIndex(({ atMs }) => atMs <= since);
      if (first < 0) return false;
      return scrapes.slice(first).every((_, index) => {
        const found = evaluate(expression, scrapes.slice(0, first + index + 1));
        return typeof found !== "number" && found.length > 0;
      });
    },
  };
}
