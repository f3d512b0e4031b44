import { deepEqual, equal } from "node:assert/strict";
import { byLine, readSeatTable, withBlock } from "../../src/pages/ops/seat_table.ts";
import { seatsOfCsv } from "../../src/http/schemas/seat.ts";

const TABLE = [
  "seatNumber,label,section,row,x,y,price",
  '412,12,"R, left",3,7.5,2,110000',
  "",
  ',"a ""b""\nc",R,,-1,,0',
].join("\r\n");

Deno.test("the page reads a table of seats as the API does", () => {
  const { seats, lines } = readSeatTable(TABLE);
  const { seats: read, csv } = seatsOfCsv(TABLE);
  const filled = seats.map((seat) => ({
    seatNumber: null,
    label: null,
    section: null,
    row: null,
    x: null,
    y: null,
    ...seat,
  }));
  deepEqual(filled, read);
  deepEqual([lines, csv!.faults], [csv!.lines, []]);
});

Deno.test("a cell that is no number is sent as it is, and its fault has its line", () => {
  const table = readSeatTable("label,price\n1,5\n\n2,free");
  deepEqual(table.seats[1], { label: "2", price: "free" });
  const [fault] = byLine([{ path: "schedules[0].seats[1].price" }], table);
  equal(fault!.path, "line 4.price");
});

Deno.test("the table of a block has each seat of each row", () => {
  const block = { section: 'A "left", low', rows: 2, seatsPerRow: 3, price: 500 };
  const { seats } = seatsOfCsv(withBlock("", block));
  equal(seats.length, 6);
  const { section, row, label, price } = seats.at(-1)!;
  deepEqual({ section, row, label, price }, {
    section: 'A "left", low',
    row: "2",
    label: "3",
    price: 500,
  });
});

Deno.test("a block is added to the table, and no seat of it has the name of another", () => {
  const r = { section: "R", rows: 1, seatsPerRow: 2, price: 110_000 };
  const both = withBlock(withBlock("", r), { ...r, section: "S", price: 88_000 });
  const namesOf = (csv: string) => {
    const read = seatsOfCsv(csv);
    deepEqual(read.csv!.faults, []);
    return read.seats.map(({ section, row, label, price }) => [section, row, label, price]);
  };
  deepEqual(namesOf(both), [
    ["R", "1", "1", 110_000],
    ["R", "1", "2", 110_000],
    ["S", "1", "1", 88_000],
    ["S", "1", "2", 88_000],
  ]);
  deepEqual(namesOf(withBlock(both, { ...r, seatsPerRow: 1, price: 9 })).at(-1), [
    "R",
    "2",
    "1",
    9,
  ]);
  const { seats } = seatsOfCsv(withBlock('price,label\n5,"a ""b"", c"\n', r));
  deepEqual(seats.map(({ label, price, row }) => [label, price, row]), [
    ['a "b", c', 5, null],
    ["1", 110_000, "1"],
    ["2", 110_000, "1"],
  ]);
});
