import Table from "cli-table3";
import type { Spread } from "./measure.ts";

/** Prints rows under a heading; numbers to the right. */
export function printTable(
  heading: string,
  columns: readonly string[],
  rows: readonly (readonly string[])[],
): void {
  const table = new Table({
    head: [...columns],
    colAligns: columns.map((_, column) => column === 0 ? "left" : "right"),
    style: { head: [], border: [], compact: true },
  });
  table.push(...rows.map((row) => [...row]));
  console.log(`\n${heading}\n${table}`);
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
