import { count, formatTable, ratio as ratioText, us } from "../bench/table.ts";
import type { Line, LineOptions } from "./line.ts";
import { type SalePlan, SMALL_SALE } from "./plan.ts";
import { playSale, type SaleResult } from "./sale.ts";

/** Fans who never call again once they have joined, and fans who do so once they are near. */
export interface Absence {
  readonly name: string;
  readonly ghosts: number;
  readonly vanishing: number;
}

export const VANISHING: Absence = { name: "20 % vanish when near", ghosts: 0, vanishing: 0.2 };
const ABSENCES: readonly Absence[] = [
  { name: "10 % ghosts", ghosts: 0.1, vanishing: 0 },
  { name: "30 % ghosts", ghosts: 0.3, vanishing: 0 },
  { name: "60 % ghosts", ghosts: 0.6, vanishing: 0 },
  { name: "90 % ghosts", ghosts: 0.9, vanishing: 0 },
  VANISHING,
];
/** Absent fans may cost the others less than this share of the admissions. */
export const LEAST_RATIO = 0.97;
const LONGEST_POLLS = [60, 300] as const;
/** Admissions are counted from here on. */
const FROM_SECOND = 600;

/** The comparison at a size for tests. */
export const SMALL_GHOST_SALE: Pick<GhostOptions, "plan" | "fromSecond"> = {
  plan: {
    ...SMALL_SALE,
    fans: 12_000,
    room: { ...SMALL_SALE.room, capacity: 100 },
    sessionMs: 60_000,
    untilMs: 1_200_000,
  },
  fromSecond: 480,
};

export interface GhostRow {
  readonly name: string;
  readonly perMinute: number;
  /** By those of the sale without ghosts in the same time. */
  readonly ratio: number;
  readonly result: SaleResult;
}

export interface GhostOptions {
  readonly absences?: readonly Absence[];
  readonly plan: SalePlan;
  readonly openLine: (options: LineOptions) => Promise<Line>;
  readonly fromSecond?: number;
  readonly onSale?: (name: string) => void;
}

/** Plays a sale without absent fans, and then with some. */
export async function playGhostSales(
  { absences = ABSENCES, plan, openLine, fromSecond = FROM_SECOND, onSale }: GhostOptions,
): Promise<readonly GhostRow[]> {
  const play = (absence: Absence) => {
    onSale?.(`polls up to ${plan.room.pollMaxSeconds} s, ${absence.name}`);
    return playSale({ ...plan, ...absence }, openLine);
  };
  const without = { name: "nobody is absent", ghosts: 0, vanishing: 0 };
  const complete = await play(without);
  const rows = [rowOf(without.name, complete, complete, fromSecond)];
  for (const absence of absences) {
    rows.push(rowOf(absence.name, await play(absence), complete, fromSecond));
  }
  return rows;
}

/** Both sales are compared until nobody polls any more in one of them. */
function rowOf(name: string, result: SaleResult, complete: SaleResult, from: number): GhostRow {
  const endMs = Math.min(
    ...[result, complete].map(({ lineEndedAtMs, endedAtMs }) => lineEndedAtMs ?? endedAtMs),
  );
  const to = Math.floor(endMs / 1000);
  const admitted = ({ admissions }: SaleResult) =>
    admissions.slice(from, to).reduce((sum, count) => sum + count, 0);
  return {
    name,
    perMinute: admitted(result) / (to - from) * 60,
    ratio: admitted(result) / admitted(complete),
    result,
  };
}

export function isKept({ ratio, result }: GhostRow): boolean {
  return ratio >= LEAST_RATIO && Object.values(result.violations).every((count) => count === 0);
}

/** The comparison at two longest polls. */
export async function playGhostTables(
  { fans, seed, ...options }: Omit<GhostOptions, "plan"> & {
    readonly fans: number;
    readonly seed: number;
  },
): Promise<readonly { readonly pollMaxSeconds: number; readonly rows: readonly GhostRow[] }[]> {
  const tables = [];
  for (const pollMaxSeconds of LONGEST_POLLS) {
    const plan = { ...SMALL_SALE, fans, seed, room: { ...SMALL_SALE.room, pollMaxSeconds } };
    tables.push({ pollMaxSeconds, rows: await playGhostSales({ plan, ...options }) });
  }
  return tables;
}

export function ghostsTable(pollMaxSeconds: number, rows: readonly GhostRow[]): string {
  return formatTable(
    `Absent fans, polls up to ${pollMaxSeconds} s: admissions a minute from ${FROM_SECOND} s on`,
    ["", "a minute", "ratio", "ms a slot idled", "overtaken", "rises", "beyond capacity", "lost"],
    rows.map(({ name, perMinute, ratio, result: { violations, longestIdleMs } }) => {
      const { overtaken, rises, overCapacity, lost } = violations;
      const counts = [longestIdleMs, overtaken, rises, overCapacity, lost].map(count);
      return [name, us(perMinute), ratioText(ratio), ...counts];
    }),
  );
}
