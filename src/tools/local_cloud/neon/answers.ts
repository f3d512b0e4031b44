import pg from "pg";
import type { HttpAnswer } from "../http/server.ts";
import { jsonValue } from "./values.ts";

export interface OutputMode {
  /** Rows as arrays; as objects by column name otherwise. */
  readonly arrayMode: boolean;
  /** Every value as PostgreSQL's text; numbers, booleans and JSON as such otherwise. */
  readonly rawText: boolean;
}

/** The result of one statement in Neon's format. `result.rows` are arrays of PostgreSQL's text. */
export function resultJson(
  result: pg.QueryArrayResult<(string | null)[]>,
  { arrayMode, rawText }: OutputMode,
) {
  const fields = result.fields.map((field) => ({
    name: field.name,
    dataTypeID: field.dataTypeID,
    tableID: field.tableID,
    columnID: field.columnID,
    dataTypeSize: field.dataTypeSize,
    dataTypeModifier: field.dataTypeModifier,
    format: "text",
  }));
  const rows = result.rows.map((row) => {
    const values = row.map((text, column) =>
      text === null || rawText ? text : jsonValue(text, fields[column]!.dataTypeID)
    );
    if (arrayMode) return values;
    return Object.fromEntries(values.map((value, column) => [fields[column]!.name, value]));
  });
  return {
    rowAsArray: arrayMode,
    fields,
    rows,
    command: result.command ?? "",
    rowCount: result.rowCount,
  };
}

export const NO_DETAILS = {
  code: null,
  detail: null,
  hint: null,
  position: null,
  internalPosition: null,
  internalQuery: null,
  severity: null,
  where: null,
  table: null,
  column: null,
  schema: null,
  dataType: null,
  constraint: null,
  file: null,
  line: null,
  routine: null,
};

/** Holds PostgreSQL's own fields of the error, if any. Clients read the SQLSTATE at status 400 only. */
export function errorAnswer(status: number, error: unknown): HttpAnswer {
  const message = error instanceof Error ? error.message : String(error);
  const details: Record<string, unknown> = { ...NO_DETAILS };
  if (error instanceof pg.DatabaseError) {
    for (const name of Object.keys(NO_DETAILS)) {
      details[name] = error[name as keyof typeof NO_DETAILS] ?? null;
    }
  }
  return { status, body: JSON.stringify({ message, ...details }) };
}
