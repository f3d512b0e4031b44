import { z } from "@hono/zod-openapi";
import type { FieldError } from "../../domain/failures.ts";
import { MAX_SEAT_NUMBER, MAX_SEAT_PRICE, MAX_SEATS_PER_CONCERT } from "../../domain/limits.ts";
import type { NewSeat } from "../../ports/catalogue.ts";
import { fieldErrors } from "../pipeline/validation.ts";
import { SEAT_COLUMNS } from "../../domain/seat_map.ts";
import {
  concertIdSchema,
  countSchema,
  moneySchema,
  reasonSchema,
  scheduleIdSchema,
  seatIdSchema,
  sectionSchema,
  text,
  timeSchema,
} from "./common.ts";
import { parseCsv } from "./csv.ts";

const MAX_COORDINATE = 1_000_000_000;

export const seatNumberSchema = z.int().min(1).max(MAX_SEAT_NUMBER);

const seatShape = {
  seatId: seatIdSchema,
  seatNumber: seatNumberSchema,
  label: z.string().openapi({ description: "What is on the seat; by default its number." }),
  section: z.string().nullable(),
  row: z.string().nullable(),
  x: z.number().nullable(),
  y: z.number().nullable(),
  price: moneySchema,
};

export const seatSchema = z.object({
  ...seatShape,
  status: z.enum(["AVAILABLE", "HELD", "SOLD"]).openapi("SeatStatus"),
}).openapi("Seat");

export const operatorSeatSchema = z.object({
  ...seatShape,
  status: z.enum(["AVAILABLE", "HELD", "SOLD", "BLOCKED"]).openapi("OperatorSeatStatus"),
}).openapi("OperatorSeat");

export const seatExample = {
  seatId: 17,
  seatNumber: 17,
  label: "17",
  section: "Stalls",
  row: "B",
  x: 7,
  y: 2,
  price: 110_000,
  status: "AVAILABLE" as const,
};

const mapVersionSchema = z.string().openapi({
  description: "Another one whenever seats are added or a price changes.",
  example: "8fe6ff42-675c-446c-9d2a-8dd0f93dece3",
});

const seatRowSchema = z.tuple([
  seatShape.seatId,
  seatShape.seatNumber,
  z.string(),
  seatShape.section,
  seatShape.row,
  seatShape.x,
  seatShape.y,
  seatShape.price,
]).openapi({
  description: "The members of one seat, in the order of `columns`.",
  items: {},
  minItems: SEAT_COLUMNS.length,
  maxItems: SEAT_COLUMNS.length,
});

export const seatMapExample = {
  concertId: 1,
  scheduleId: 1,
  mapVersion: "8fe6ff42-675c-446c-9d2a-8dd0f93dece3",
  columns: [...SEAT_COLUMNS],
  seats: [[17, 17, "17", "A", "2", 7, 2, 110_000]] as [
    [number, number, string, string, string, number, number, number],
  ],
};

export const seatMapSchema = z.object({
  concertId: concertIdSchema,
  scheduleId: scheduleIdSchema,
  mapVersion: mapVersionSchema,
  columns: z.array(z.enum(SEAT_COLUMNS).openapi("SeatColumn")),
  seats: z.array(seatRowSchema),
}).openapi("SeatMap");

export const seatStatusesExample = {
  scheduleId: 1,
  mapVersion: seatMapExample.mapVersion,
  takenAt: "2026-12-01T10:00:00.000Z",
  statuses: "A",
};

export const seatStatusesSchema = z.object({
  scheduleId: scheduleIdSchema,
  mapVersion: mapVersionSchema.openapi({
    description: "The version of the map whose seats the letters are.",
  }),
  takenAt: timeSchema.openapi({
    description: "Every act whose time is not later is in the statuses.",
  }),
  statuses: z.string().regex(/^[AHS]*$/).openapi({
    description: "A letter a seat, in the order of the map with the same `section`: A AVAILABLE, " +
      "H HELD, S SOLD.",
  }),
}).openapi("SeatStatuses");

export const operatorSeatsExample = {
  ...seatMapExample,
  takenAt: seatStatusesExample.takenAt,
  statuses: "B",
};

export const operatorSeatsSchema = z.object({
  ...seatMapSchema.shape,
  takenAt: timeSchema.openapi({ description: "When the statuses were read." }),
  statuses: z.string().regex(/^[AHSB]*$/).openapi({
    description: "A letter a seat, in the order of `seats`: A AVAILABLE, H HELD, S SOLD, " +
      "B BLOCKED.",
  }),
}).openapi("OperatorSeats");

export const createdSeatSchema = z.object({
  seatId: seatIdSchema,
  seatNumber: seatNumberSchema,
  label: z.string(),
}).openapi("CreatedSeat");

export const addedSeatsSchema = z.object({
  added: countSchema.openapi({
    description: "The number of the seats that were added, or in a dry run would be.",
  }),
  seats: z.array(
    z.object({ seatId: seatIdSchema.nullable(), seatNumber: seatNumberSchema, label: z.string() })
      .openapi("AddedSeat"),
  ),
}).openapi("AddedSeats");

/** A whole number, with one message for every fault. */
function wholeNumber(min: number, max: number): z.ZodInt {
  const message = `must be a whole number from ${min} to ${max}`;
  return z.int(message).min(min, message).max(max, message);
}

const COORDINATE = `must be a number from -${MAX_COORDINATE} to ${MAX_COORDINATE}`;

const price = wholeNumber(0, MAX_SEAT_PRICE);
const coordinate = z.number(COORDINATE).min(-MAX_COORDINATE, COORDINATE).max(
  MAX_COORDINATE,
  COORDINATE,
).nullable().default(null);

const seatFields = z.strictObject({
  seatNumber: wholeNumber(1, MAX_SEAT_NUMBER).nullable().default(null)
    .openapi({
      description: "Unique in its schedule. By default the number after the highest of the " +
        "schedule and the request; refused where none is left after 1,000,000.",
    }),
  label: text(1, 20).nullable().default(null).openapi({
    description: "Unique with its section and row. By default the number.",
  }),
  price,
  section: sectionSchema.nullable().default(null),
  row: text(1, 64).nullable().default(null),
  x: coordinate,
  y: coordinate,
});
const seatInput = seatFields.openapi("NewSeat");

export const seatsInput = z.array(seatInput).min(1).max(MAX_SEATS_PER_CONCERT);

/** Seats of a request, and where they are in its CSV text if it has one. */
export interface SeatsOfRequest {
  readonly seats: readonly NewSeat[];
  readonly csv: {
    /** The line of each seat. */
    readonly lines: readonly number[];
    readonly faults: readonly FieldError[];
  } | null;
}

export const newSeatsBody = z.strictObject({ seats: seatsInput }).openapi("NewSeats")
  .transform((body): SeatsOfRequest => ({ ...body, csv: null }));

const COLUMNS = ["seatNumber", "label", "section", "row", "x", "y", "price"];
/** The most faults in the answer to a CSV text. */
const MAX_CSV_FAULTS = 1_000;

const NUMBERS = new Set(["seatNumber", "x", "y", "price"]);

export const SEATS_CSV_EXAMPLE = [
  COLUMNS.join(","),
  "412,12,R,3,7.5,2,110000",
  ",13,R,3,8.5,2,110000",
  "",
].join("\r\n");

/** The seats of a CSV text, and all that is wrong in it by line. */
export function seatsOfCsv(csv: string): SeatsOfRequest {
  const { names, rows, faults: faultsOfText } = parseCsv(csv, MAX_SEATS_PER_CONCERT);
  const faults = [...faultsOfText, ...faultsOfNames(names)];
  const seats: NewSeat[] = [];
  const lines: number[] = [];
  for (const { line, cells } of rows) {
    const seat = seatInput.safeParse(seatOf(cells, names), { reportInput: true });
    if (seat.success) {
      seats.push(seat.data);
      lines.push(line);
    } else {
      faults.push(
        ...fieldErrors(seat.error).map(({ path, message }) => ({
          path: `line ${line}.${path}`,
          message,
        })),
      );
    }
  }
  if (rows.length === 0 && faults.length === 0) {
    faults.push({ path: "body", message: "must have a seat in a line after the first" });
  }
  if (rows.length > MAX_SEATS_PER_CONCERT) {
    faults.push({ path: "body", message: `must have at most ${MAX_SEATS_PER_CONCERT} seats` });
  }
  return { seats, csv: { lines, faults } };
}

function faultsOfNames(names: readonly string[]): FieldError[] {
  const fault = (name: string, message: string) => ({
    path: `line 1.${name.slice(0, 64)}`,
    message,
  });
  return [
    ...names.filter((name) => !COLUMNS.includes(name)).slice(0, MAX_CSV_FAULTS).map((name) =>
      fault(name, `is no column: they are ${COLUMNS.join(", ")}`)
    ),
    ...COLUMNS.filter((name) => names.indexOf(name) < names.lastIndexOf(name)).map((name) =>
      fault(name, "is named twice")
    ),
    ...names.includes("price") ? [] : [fault("price", "is required")],
  ];
}

/** The cells as members of a seat. Columns that line 1 names wrongly have their fault there. */
function seatOf(cells: Readonly<Record<string, string>>, names: readonly string[]): object {
  const known = Object.entries(cells).filter(([name]) => COLUMNS.includes(name));
  return {
    ...names.includes("price") ? {} : { price: 0 },
    ...Object.fromEntries(
      known.map(([name, cell]) => [name, NUMBERS.has(name) ? numberOf(cell) : cell]),
    ),
  };
}

/** A cell that is no decimal number stays a text, which the schema refuses. */
function numberOf(cell: string): number | string {
  return /^-?\d{1,15}(\.\d{1,15})?$/.test(cell) ? Number(cell) : cell;
}

/** The faults of a CSV text, in the order of its lines; those of its seats by their lines. */
export function faultsByLine(
  lines: readonly number[],
  faults: readonly FieldError[],
  ofSeats: readonly FieldError[],
): FieldError[] {
  const all = [
    ...faults,
    ...ofSeats.map(({ path, message }) => ({
      path: path.replace(/^seats\[(\d+)\]/, (_, index) => `line ${lines[Number(index)]}`),
      message,
    })),
  ].sort((a, b) => lineOf(a) - lineOf(b));
  const more = all.length - MAX_CSV_FAULTS;
  return more <= 0
    ? all
    : [...all.slice(0, MAX_CSV_FAULTS), { path: "body", message: `has ${more} faults more` }];
}

function lineOf({ path }: FieldError): number {
  return Number(/^line (\d+)/.exec(path)?.[1] ?? 0);
}

export const seatChangesBody = z.strictObject({
  price: price.optional().openapi({ description: "Live holds keep their price." }),
  status: z.enum(["BLOCKED", "AVAILABLE"]).openapi("SeatChange").optional().openapi({
    description: "BLOCKED takes a seat that is neither held nor sold off sale.",
  }),
  reason: reasonSchema,
}).refine(
  ({ price, status }) => price !== undefined || status !== undefined,
  "must change something",
).openapi("SeatChanges", { minProperties: 1 });
