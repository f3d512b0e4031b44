/**
 * What fans read of a schedule of 5,000 seats while it is being sold: statuses and seats against the
 * cached list of concerts, each by its median latency, and how often PostgreSQL is asked. Servers,
 * stores and load share the machine.
 */
import type { FanId } from "../../src/domain/ids.ts";
import { createSignIn } from "../../src/local/sign_in.ts";
import { startBenchCloud } from "./bench_cloud.ts";
import {
  median,
  NothingMeasuredError,
  ratioSpread,
  requireMeasured,
  type Spread,
  spread,
  spreads,
} from "./measure.ts";
import { type Runtime, startPollServers } from "./poll_servers.ts";
import { createSection } from "./section.ts";
import { formatTable, ranged, ratio, us } from "./table.ts";

export interface SeatsSize {
  readonly runtime: Runtime;
  readonly seats: number;
  readonly clients: number;
  readonly buyers: number;
  readonly rounds: number;
  readonly roundMs: number;
}

export interface SeatsFigures {
  /** Latencies of a request in ms: medians of each round. */
  readonly list: Spread;
  readonly statuses: Spread;
  readonly seats: Spread;
  readonly map: Spread;
  readonly statusesToList: Spread;
  readonly seatsToList: Spread;
  /** Of the rounds of the statuses: PostgreSQL loads a second. */
  readonly loadsPerSecond: Spread;
  readonly paymentsPerSecond: number;
}

const SECRET = "b".repeat(32);
const STATUSES_AIM = 1.5;
const SEATS_AIM = 4;
const LOADS_AIM = 1.2;
const DAY_MS = 86_400_000;
const BUYER_PAUSE_MS = 20;

const FULL: SeatsSize = {
  runtime: "workerd",
  seats: 5_000,
  clients: 24,
  buyers: 2,
  rounds: 5,
  roundMs: 5_000,
};
const SMOKE: SeatsSize = {
  runtime: "Deno",
  seats: 40,
  clients: 2,
  buyers: 1,
  rounds: 1,
  roundMs: 1_200,
};

export const seats = createSection({
  about: "statuses and seats of a hot schedule over HTTP, against the cached list of concerts",
  sizes: { full: FULL, smoke: SMOKE },
  measure: measureSeats,
  tables: (of) => [formatTable(
    "A schedule while it is sold: median latencies in ms, and PostgreSQL loads a second",
    ["list", "statuses", "map", "seats", "statuses / list", "seats / list", "loads", "payments"],
    [[
      ...[of.list, of.statuses, of.map, of.seats].map((each) => ranged(each, us)),
      aimed(of.statusesToList, STATUSES_AIM),
      aimed(of.seatsToList, SEATS_AIM),
      aimed(of.loadsPerSecond, LOADS_AIM),
      us(of.paymentsPerSecond),
    ]],
  )],
});

function aimed(figure: Spread, most: number): string {
  return `${ranged(figure, ratio)}, ≤ ${most}: ${figure.median <= most ? "met" : "MISSED"}`;
}

/** Throws `MissingProgramError` without a redis-server. */
export async function measureSeats(size: SeatsSize): Promise<SeatsFigures> {
  const cloud = await startBenchCloud();
  try {
    const servers = await startPollServers(size.runtime, cloud, {
      UPSTASH_REDIS_REST_URL: cloud.upstashUrl,
      UPSTASH_REDIS_REST_TOKEN: cloud.upstashToken,
      DATABASE_URL: cloud.databaseUrl,
      QUEUE_CAPACITY: "100000",
      ADMISSION_TTL_SECONDS: "86400",
      ADMIN_TOKEN: SECRET,
      QUEUE_TOKEN_SECRET: SECRET,
      SIGNING_KEY: "5".repeat(64),
      USER_JWT_SECRET: SECRET,
    });
    try {
      return await measureSale(callsOf(servers.stanchionPort), size);
    } finally {
      await servers.close();
    }
  } finally {
    await cloud.close();
  }
}

interface Answer {
  readonly status: number;
  readonly text: string;
  readonly ms: number;
  /** PostgreSQL round trips, by the `Server-Timing` of the answer. */
  readonly postgres: number;
}

type Call = (
  method: string,
  path: string,
  headers: Record<string, string>,
  json?: unknown,
) => Promise<Answer>;

function callsOf(port: number): Call {
  return async (method, path, headers, json) => {
    const startedMs = performance.now();
    const response = await fetch(`http://127.0.0.1:${port}${path}`, {
      method,
      headers: {
        ...headers,
        ...(json === undefined ? {} : { "Content-Type": "application/json" }),
      },
      ...(json === undefined ? {} : { body: JSON.stringify(json) }),
    });
    const text = await response.text();
    const timing = response.headers.get("Server-Timing") ?? "";
    const postgres = Number(/postgres;desc="(\d+)"/.exec(timing)?.[1] ?? 0);
    return { status: response.status, text, ms: performance.now() - startedMs, postgres };
  };
}

async function measureSale(
  call: Call,
  { seats, clients, buyers, rounds, roundMs }: SeatsSize,
): Promise<SeatsFigures> {
  const sign = createSignIn({ kind: "SECRET", secrets: [SECRET] }, Date.now);
  const sale = await putOnSale(call, seats);
  const admit = async (fan: string) => {
    const Authorization = `Bearer ${await sign(fan as FanId)}`;
    const { token } = ok(await call("POST", "/v1/queue/tokens", { Authorization }), 201);
    return { Authorization, "Queue-Token": token as string };
  };
  const fans = await Promise.all(Array.from({ length: clients }, (_, i) => admit(`fan-${i}`)));
  const ofSchedule = `/v1/concerts/${sale.concertId}/schedules/${sale.scheduleId}`;
  const paths = {
    list: "/v1/concerts",
    statuses: `${ofSchedule}/seat-statuses`,
    map: `${ofSchedule}/seat-map`,
    seats: `${ofSchedule}/seats`,
  };
  const buying = startBuyers(call, admit, sale, buyers);
  const medians = { list: [], statuses: [], map: [], seats: [] } as Record<
    keyof typeof paths,
    number[]
  >;
  const loads: number[] = [];
  const startedMs = performance.now();
  for (let round = 0; round <= rounds; round++) {
    for (const [name, path] of Object.entries(paths)) {
      const { latencies, postgres, seconds } = await drive(call, fans, path, roundMs);
      if (round === 0) continue; // warms up
      medians[name as keyof typeof paths].push(median(requireMeasured(name, latencies)));
      if (name === "statuses") loads.push(postgres / seconds);
    }
  }
  const payments = await buying.stop();
  return {
    ...spreads(medians),
    statusesToList: ratioSpread(medians.statuses, medians.list),
    seatsToList: ratioSpread(medians.seats, medians.list),
    loadsPerSecond: spread(requireMeasured("loads a second", loads)),
    paymentsPerSecond: requireMeasured("payments", [payments])[0]! /
      ((performance.now() - startedMs) / 1_000),
  };
}

/** Each client sends its next request when it has the answer. */
async function drive(
  call: Call,
  fans: readonly Record<string, string>[],
  path: string,
  ms: number,
): Promise<{ latencies: number[]; postgres: number; seconds: number }> {
  const latencies: number[] = [];
  let postgres = 0;
  const startedMs = performance.now();
  await Promise.all(fans.map(async (fan) => {
    while (performance.now() < startedMs + ms) {
      const answer = await call("GET", path, fan);
      ok(answer, 200, path);
      latencies.push(answer.ms);
      postgres += answer.postgres;
    }
  }));
  return { latencies, postgres, seconds: (performance.now() - startedMs) / 1_000 };
}

interface Sale {
  readonly concertId: number;
  readonly scheduleId: number;
}

async function putOnSale(call: Call, count: number): Promise<Sale> {
  const { concertId, schedules } = ok(
    await call("POST", "/v1/admin/concerts", { Authorization: `Bearer ${SECRET}` }, {
      title: "A concert",
      description: "",
      schedules: [{
        concertAt: new Date(Date.now() + DAY_MS).toISOString(),
        reservationAvailableAt: new Date(Date.now() - DAY_MS).toISOString(),
        seats: Array.from({ length: count }, (_, i) => ({
          section: `S${Math.floor(i / 1_000) + 1}`,
          row: `${Math.floor(i / 50) % 20 + 1}`,
          label: `${i % 50 + 1}`,
          x: i % 50,
          y: Math.floor(i / 50),
          price: 0,
        })),
      }],
    }),
    201,
  );
  return { concertId, scheduleId: schedules[0].scheduleId };
}

/** Buyers who hold the best seats and pay for them, one after the other, until they are stopped. */
function startBuyers(
  call: Call,
  admit: (fan: string) => Promise<Record<string, string>>,
  sale: Sale,
  buyers: number,
): { stop(): Promise<number> } {
  let [stopped, payments] = [false, 0];
  async function buy(buyer: number): Promise<void> {
    for (let nth = 0; !stopped; nth++) {
      const headers = await admit(`buyer-${buyer}-${nth}`);
      const json = { ...sale, bestAvailable: { quantity: 2 } };
      const held = await call("POST", "/v1/reservations", headers, json);
      if (held.status === 409) return; // sold out
      const { reservations } = ok(held, 201);
      const reservationIds = reservations.map((one: { reservationId: string }) =>
        one.reservationId
      );
      const key = { "Idempotency-Key": `${buyer}-${nth}` };
      ok(await call("POST", "/v1/payments", { ...headers, ...key }, { reservationIds }), 201);
      payments++;
      await new Promise((resolve) => setTimeout(resolve, BUYER_PAUSE_MS));
    }
  }
  const all = Promise.all(Array.from({ length: buyers }, (_, buyer) => buy(buyer)));
  // A failure is thrown by `stop()`.
  all.catch(() => {});
  return {
    async stop() {
      stopped = true;
      await all;
      return payments;
    },
  };
}

// deno-lint-ignore no-explicit-any
function ok({ status, text }: Answer, expected: number, what = ""): any {
  if (status !== expected) throw new NothingMeasuredError(`${what} ${status}: ${text}`);
  return expected === 201 ? JSON.parse(text) : null;
}
