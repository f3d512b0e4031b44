import Papa from "papaparse";
import type { FieldError } from "../../domain/failures.ts";

/** A line of a CSV text after the first one. */
export interface CsvRow {
  /** The number of its first line in the text, from 1. */
  readonly line: number;
  /** Its cells by the names in the first line. An empty cell is absent. */
  readonly cells: Readonly<Record<string, string>>;
}

export interface CsvTable {
  readonly names: readonly string[];
  readonly rows: readonly CsvRow[];
  readonly faults: readonly FieldError[];
}

/**
 * Parses a CSV text (RFC 4180) whose first line names the columns. Empty lines are skipped. It reads
 * one line more than `maxRows`.
 */
export function parseCsv(text: string, maxRows: number): CsvTable {
  const faults: FieldError[] = [];
  const rows: CsvRow[] = [];
  let names: readonly string[] | null = null;
  let line = 1;
  let start = 0;
  const lines = text.replaceAll(/\r\n?/g, "\n");
  Papa.parse<string[]>(lines, {
    delimiter: ",",
    newline: "\n",
    step({ data, errors, meta: { cursor } }, parser) {
      const path = `line ${line}`;
      if (errors.length > 0) {
        faults.push({ path, message: "has a quoted cell that does not end as RFC 4180 has it" });
      } else if (data.length > 1 || data[0] !== "") {
        if (!names) names = data;
        else if (data.length !== names.length) {
          faults.push({ path, message: `must have ${names.length} cells, as line 1 has` });
        } else rows.push({ line, cells: cellsOf(names, data) });
      }
      if (rows.length + faults.length > maxRows) parser.abort();
      line += lines.slice(start, cursor).split("\n").length - 1;
      start = cursor;
    },
  });
  return { names: names ?? [], rows, faults };
}

function cellsOf(names: readonly string[], data: readonly string[]): Record<string, string> {
  const cells = names.map((name, index) => [name, data[index]!] as const);
  return Object.fromEntries(cells.filter(([, cell]) => cell !== ""));
}
