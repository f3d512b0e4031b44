import { deepEqual, equal } from "node:assert/strict";
import { byLine, readSeatTable, tableOfBlocks } from "../../src/pages/ops/seat_table.ts";
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
  const { seats } = seatsOfCsv(tableOfBlocks([block]));
  equal(seats.length, 6);
  const { section, row, label, price } = seats.at(-1)!;
  deepEqual({ section, row, label, price }, {
    section: 'A "left", low',
    row: "2",
    label: "3",
    price: 500,
  });
});
