import pg from "pg";

/** A JSON value as a parameter in PostgreSQL's text format. */
export function parameterText(value: unknown): string | null {
  if (value === null || value === undefined) return null;
  if (typeof value === "string") return value;
  return Array.isArray(value) ? arrayText(value) : JSON.stringify(value);
}

function arrayText(items: readonly unknown[]): string {
  const texts = items.map((item) => {
    if (item === null) return "NULL";
    if (Array.isArray(item)) return arrayText(item);
    if (typeof item === "string") return quoted(item);
    return typeof item === "object" ? quoted(JSON.stringify(item)) : String(item);
  });
  return `{${texts.join(",")}}`;
}

function quoted(text: string): string {
  return `"${text.replaceAll(/["\\]/g, "\\$&")}"`;
}

/** Types whose values JSON can represent. All others stay text, as at Neon. */
const BOOL = 16;
const INT2 = 21;
const INT4 = 23;
const FLOAT4 = 700;
const FLOAT8 = 701;
const JSON_TYPES = [114, 3802];
const JSON_VALUES = new Set([BOOL, INT2, INT4, FLOAT4, FLOAT8, ...JSON_TYPES]);
/** Arrays of the same: bool, int2, int4, float4, float8, json, jsonb. */
const JSON_ARRAYS = new Set([1000, 1005, 1007, 1021, 1022, 199, 3807]);
/** bytea, text, varchar, int8, timestamp, date, timestamptz, numeric, uuid. */
const TEXT_ARRAYS = new Set([1001, 1009, 1015, 1016, 1115, 1182, 1185, 1231, 2951]);
const TEXT_ARRAY = 1009;

/** A value in PostgreSQL's text format as Neon puts it into JSON without raw output. */
export function jsonValue(text: string, dataTypeId: number): unknown {
  const parserOf = TEXT_ARRAYS.has(dataTypeId) ? TEXT_ARRAY : dataTypeId;
  const parsed = JSON_VALUES.has(dataTypeId) || JSON_ARRAYS.has(dataTypeId) ||
    TEXT_ARRAYS.has(dataTypeId);
  return parsed ? finite(pg.types.getTypeParser(parserOf)(text)) : text;
}

/** JSON has no NaN and no Infinity: they stay text. */
function finite(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(finite);
  return typeof value === "number" && !Number.isFinite(value) ? String(value) : value;
}
