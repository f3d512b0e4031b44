/**
 * Prices in dollars, without taxes. Upstash: https://upstash.com/pricing/redis, as transcribed on
 * 2026-09-20, and the page "Pricing & Billing" of its documentation, read in November 2026. Workers:
 * the documentation of Cloudflare, read in November 2026.
 */
export const UPSTASH = {
  per100kCommands: 0.2,
  /** Pay as you go: the bandwidth of a month that costs nothing, and the price beyond it. */
  freeGigabytes: 200,
  perGigabyte: 0.03,
  /** On each plan, unless Upstash raises it. */
  mostCommandsASecond: 10_000,
  /** A month of a fixed plan. It charges no commands. */
  fixedPlans: [
    { name: "250 MB", usd: 10, megabytes: 250, gigabytesOfTraffic: 50 },
    { name: "1 GB", usd: 20, megabytes: 1_000, gigabytesOfTraffic: 100 },
    { name: "5 GB", usd: 100, megabytes: 5_000, gigabytesOfTraffic: 500 },
    { name: "10 GB", usd: 200, megabytes: 10_000, gigabytesOfTraffic: 1_000 },
  ],
} as const;

export const WORKERS = {
  usdAMonth: 5,
  /** Requests of a month that the plan includes, and the price of further ones. */
  includedMillions: 10,
  perMillion: 0.3,
} as const;

export function usdOfCommands(commands: number): number {
  return commands / 100_000 * UPSTASH.per100kCommands;
}

export function usdOfTraffic(gigabytes: number): number {
  return Math.max(0, gigabytes - UPSTASH.freeGigabytes) * UPSTASH.perGigabyte;
}

/** The smallest fixed plan that holds the data and the traffic; null if none of them does. */
export function fixedPlanFor(
  { megabytes, gigabytes }: { readonly megabytes: number; readonly gigabytes: number },
): { readonly name: string; readonly usd: number } | null {
  return UPSTASH.fixedPlans.find((plan) =>
    plan.megabytes >= megabytes && plan.gigabytesOfTraffic >= gigabytes
  ) ?? null;
}

/** With nothing else in the month. */
export function usdOfWorkers(requests: number): number {
  const millions = Math.max(0, requests / 1e6 - WORKERS.includedMillions);
  return WORKERS.usdAMonth + millions * WORKERS.perMillion;
}
