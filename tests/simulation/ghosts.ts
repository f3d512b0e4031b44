import { count, formatTable, ratio, us } from "../bench/table.ts";
import type { Line, LineOptions } from "./line.ts";
import { SMALL_SALE } from "./plan.ts";
import { playSale, type SaleResult } from "./sale.ts";

/** The shares of ghosts of the comparison, the last one with fans who vanish near the front. */
const VARIANTS = [
  { name: "none", ghosts: 0, vanishing: 0 },
  { name: "10 %", ghosts: 0.1, vanishing: 0 },
  { name: "30 %", ghosts: 0.3, vanishing: 0 },
  { name: "60 %", ghosts: 0.6, vanishing: 0 },
  { name: "90 %", ghosts: 0.9, vanishing: 0 },
  { name: "none, 20 % vanish near the front", ghosts: 0, vanishing: 0.2 },
] as const;
const LONGEST_POLLS = [60, 300] as const;
/** Absent fans may cost the others less than this share of the admissions a minute. */
export const LEAST_RATIO = 0.97;

export interface GhostRow {
  readonly name: string;
  readonly pollMaxSeconds: number;
  readonly result: SaleResult;
  /** Admissions a minute by those of the sale without ghosts. */
  readonly ratio: number;
}

export interface GhostOptions {
  readonly fans: number;
  readonly seed: number;
  readonly openLine: (options: LineOptions) => Promise<Line>;
  readonly onSale?: (name: string) => void;
}

/** Plays the same sale with more and more fans who never call again. */
export async function playGhostSales(
  { fans, seed, openLine, onSale }: GhostOptions,
): Promise<readonly GhostRow[]> {
  const rows: GhostRow[] = [];
  for (const pollMaxSeconds of LONGEST_POLLS) {
    let without: number | undefined;
    for (const { name, ghosts, vanishing } of VARIANTS) {
      onSale?.(`polls up to ${pollMaxSeconds} s, ghosts: ${name}`);
      const room = { ...SMALL_SALE.room, pollMaxSeconds };
      const plan = { ...SMALL_SALE, ...{ fans, seed, ghosts, vanishing, room } };
      const result = await playSale(plan, openLine);
      without ??= result.admissionsPerMinute;
      rows.push({ name, pollMaxSeconds, result, ratio: result.admissionsPerMinute / without });
    }
  }
  return rows;
}

export function ghostsTable(rows: readonly GhostRow[]): string {
  return formatTable(
    "Sales with fans who never call again: admissions a minute from 600 to 3,000 s",
    [
      "ghosts",
      "polls up to",
      "a minute",
      "ratio",
      "longest idle",
      "overtaken",
      "rises",
      "beyond",
      "lost",
    ],
    rows.map(({ name, pollMaxSeconds, result, ratio: of }) => {
      const { violations: { overtaken, rises, overCapacity, lost } } = result;
      return [
        ...[name, `${pollMaxSeconds} s`, us(result.admissionsPerMinute), ratio(of)],
        ...[
          `${count(result.longestIdleMs)} ms`,
          ...[overtaken, rises, overCapacity, lost].map(count),
        ],
      ];
    }),
  );
}
