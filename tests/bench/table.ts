import Table from "cli-table3";
import { NothingMeasuredError, type Spread } from "./measure.ts";

const NO_FIGURE = /\b(NaN|Infinity|undefined)\b|^$/;

/**
 * Rows under a heading, numbers to the right. Throws `NothingMeasuredError` without rows, and for a
 * cell without a figure.
 */
export function formatTable(
  heading: string,
  columns: readonly string[],
  rows: readonly (readonly string[])[],
): string {
  if (rows.length === 0) throw new NothingMeasuredError(`no rows: ${heading}`);
  for (const cells of rows) {
    if (cells.length !== columns.length || cells.some((cell) => NO_FIGURE.test(cell))) {
      throw new NothingMeasuredError(`no figure in [${cells.join(" | ")}]: ${heading}`);
    }
  }
  const table = new Table({
    head: [...columns],
    colAligns: columns.map((_, column) => column === 0 ? "left" : "right"),
    style: { head: [], border: [], compact: true },
  });
  table.push(...rows.map((cells) => [...cells]));
  return `\n${heading}\n${table}`;
}

/** A median, and in brackets the least and the most. */
export function ranged(
  { median, min, max }: Spread,
  show: (value: number) => string = short,
): string {
  return `${show(median)} [${show(min)}–${show(max)}]`;
}

const short = (value: number) => value < 10 ? us(value) : count(value);
export const ratio = (value: number) => value.toFixed(2);
export const count = (value: number) => Math.round(value).toLocaleString("en");
export const us = (value: number) => value.toFixed(1);
export const times = (value: number) => `${value < 10 ? value.toFixed(1) : count(value)}×`;
