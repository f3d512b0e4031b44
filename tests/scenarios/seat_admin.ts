import assert from "node:assert/strict";
import { type ApiBox, newFan, UNKNOWN_ID } from "../support/api_box.ts";
import { holdSeats, pay, putOnSale, type Sale } from "../support/sale.ts";
import type { Scenario } from "./scenario.ts";

const CSV = { "Content-Type": "text/csv" };

function pathOf({ concertId, schedules }: Sale): string {
  return `/v1/admin/concerts/${concertId}/schedules/${schedules[0]!.scheduleId}/seats`;
}

function addCsv(box: ApiBox, sale: Sale, raw: BodyInit, query = "", headers = CSV) {
  return box.call("POST", pathOf(sale) + query, { operator: true, raw, headers });
}

const places = (errors: { path: string }[]) => errors.map(({ path }) => path);

export function seatAdminScenarios(test: Scenario): void {
  test("operators see all seats of a schedule, and fans do not see who blocked them", async (open) => {
    const box = await open();
    const sale = await putOnSale(box, { dates: [2], price: 0, opensInMs: 60_000 });
    const path = pathOf(sale);
    const [seatId] = sale.schedules[0]!.seatIds;
    const json = { status: "BLOCKED", reason: "a camera" };
    await box.call("PATCH", `${path}/${seatId}`, { operator: true, json });
    const { status, body } = await box.call("GET", path, { operator: true });
    assert.deepEqual([status, body.statuses, body.seats.length], [200, "BA", 2]);
    assert.equal(body.seats[0][body.columns.indexOf("seatId")], seatId);
    assert.equal((await box.call("GET", path, { fan: newFan("a") })).status, 401);
    const none = await box.call("GET", path.replace(/schedules\/\d+/, `schedules/${UNKNOWN_ID}`), {
      operator: true,
    });
    assert.equal(none.body.code, "SCHEDULE_NOT_FOUND");
  });

  test("POST …/schedules adds a schedule, with its seats on sale at once", async (open) => {
    const box = await open();
    const sale = await putOnSale(box, { dates: [1], price: 0 });
    const fan = newFan("a");
    const place = await box.join(fan);
    const dates = `/v1/concerts/${sale.concertId}/schedules`;
    const shown = async () => (await box.call("GET", dates, { fan, place })).body.schedules.length;
    assert.equal(await shown(), 1);
    const json = {
      concertAt: new Date(box.clock() + 86_400_000).toISOString(),
      reservationAvailableAt: new Date(box.clock() - 1000).toISOString(),
      seats: [{ price: 5, label: "가", section: "R석", row: "3열" }],
    };
    const path = `/v1/admin/concerts/${sale.concertId}/schedules`;
    const { status, body } = await box.call("POST", path, { operator: true, json });
    assert.equal(status, 201);
    assert.deepEqual(
      body.seats.map(({ seatNumber, label }: Record<string, unknown>) => [
        seatNumber,
        label,
      ]),
      [[1, "가"]],
    );
    assert.equal(await shown(), 2);
    const seat = {
      concertId: sale.concertId,
      schedules: [{ ...body, seatIds: [body.seats[0].seatId] }],
    };
    await holdSeats(box, fan, place, seat, [body.seats[0].seatId]);
    const own = await box.call("GET", "/v1/reservations", { fan });
    const { section, row, seatLabel } = own.body.items[0];
    assert.deepEqual([section, row, seatLabel], ["R석", "3열", "가"]);
    const missing = `/v1/admin/concerts/${UNKNOWN_ID}/schedules`;
    assert.equal(
      (await box.call("POST", missing, { operator: true, json })).body.code,
      "CONCERT_NOT_FOUND",
    );
    const seats = [{ price: 1, seatNumber: 1 }, { price: 1, label: "1" }];
    const twice = await box.call("POST", path, { operator: true, json: { ...json, seats } });
    assert.deepEqual([twice.status, places(twice.body.errors)], [400, ["seats[1].label"]]);
  });

  test("seats are added from CSV, with whatever a spreadsheet writes", async (open) => {
    const box = await open();
    const sale = await putOnSale(box, { dates: [1], price: 0 });
    const csv =
      '\ufefflabel,section,row,price,seatNumber,x\r\n"12","R, ""left""",3,110000,412,7.5\r\n' +
      "13,R,3,90000,,\r\n\r\n";
    const tried = await addCsv(box, sale, csv, "?dryRun=true");
    assert.deepEqual([tried.status, tried.body], [201, {
      added: 2,
      seats: [
        { seatId: null, seatNumber: 412, label: "12" },
        { seatId: null, seatNumber: 413, label: "13" },
      ],
    }]);
    const { status, body } = await addCsv(box, sale, csv, "", {
      "Content-Type": 'Text/CSV; charset="utf-8"; header=present',
    });
    assert.deepEqual([status, body.added], [201, 2]);
    assert.ok(body.seats.every(({ seatId }: { seatId: number }) => seatId > 0));
    const fan = newFan("a");
    const place = await box.join(fan);
    const map = `/v1/concerts/${sale.concertId}/schedules/${sale.schedules[0]!.scheduleId}/seats`;
    const { seats } = (await box.call("GET", map, { fan, place })).body;
    assert.deepEqual(seats[1], {
      seatId: body.seats[0].seatId,
      seatNumber: 412,
      label: "12",
      section: 'R, "left"',
      row: "3",
      x: 7.5,
      y: null,
      price: 110_000,
      status: "AVAILABLE",
    });
    const again = await addCsv(box, sale, csv);
    assert.deepEqual([again.status, places(again.body.errors)], [400, [
      "line 2.seatNumber",
      "line 2.label",
      "line 3.label",
    ]]);
  });

  test("all faults of a CSV are named at once, by line", async (open) => {
    const box = await open();
    const sale = await putOnSale(box, { dates: [2], price: 0 });
    const lines = [
      "seatNumber,label,price,x",
      "1,taken,10,",
      "5,,ten,1e3",
      "6,,-1,",
      "7,a,1",
      "7,b,100000001,",
      '8,"two\nlines",1,',
      "8,c,,",
      "9,d,1,",
      "9,e,1,",
      `10,${"x".repeat(21)},1,`,
      "1000001,,1.5,",
    ];
    const { status, body } = await addCsv(box, sale, lines.join("\n"));
    assert.deepEqual([status, places(body.errors)], [400, [
      "line 2.seatNumber",
      "line 3.price",
      "line 3.x",
      "line 4.price",
      "line 5",
      "line 6.price",
      "line 9.price",
      "line 11.seatNumber",
      "line 12.label",
      "line 13.seatNumber",
      "line 13.price",
    ]]);
    const messages = body.errors.map(({ message }: { message: string }) => message);
    assert.deepEqual([messages[1], messages[6]], [
      "must be a whole number from 0 to 100000000",
      "is required",
    ]);
    const faults: [BodyInit, string[]][] = [
      ["", ["line 1.price"]],
      ["price", ["body"]],
      ["price,colour,price\n1,red,2", ["line 1.colour", "line 1.price"]],
      ["label\nA", ["line 1.price"]],
      ['price,label\n1,"open\n2,b', ["line 2"]],
      [new Uint8Array([0xb0, 0xa1]), ["body"]],
    ];
    for (const [raw, expected] of faults) {
      const answer = await addCsv(box, sale, raw);
      assert.deepEqual([answer.status, places(answer.body.errors)], [400, expected], String(raw));
    }
    const long = `price\n${"x\n".repeat(100_002)}`;
    const { errors } = (await addCsv(box, sale, long)).body;
    assert.equal(errors.length, 1_001);
    assert.match(errors.at(-1).message, /faults more/);
    assert.equal(
      (await addCsv(box, sale, "price\n1", "?dryRun=maybe")).body.errors[0].path,
      "dryRun",
    );
    for (const type of ["text/plain", "text/csv; charset=euc-kr"]) {
      const refused = await addCsv(box, sale, "price\n1", "", { "Content-Type": type });
      assert.equal(refused.body.code, "UNSUPPORTED_MEDIA_TYPE");
    }
    const seats = await box.call("GET", `/v1/admin/concerts/${sale.concertId}`, { operator: true });
    assert.equal(seats.body.schedules[0].seatCount, 2);
  });

  test("PATCH of a seat blocks it, frees it and changes its price, at once and on record", async (open) => {
    const box = await open();
    const sale = await putOnSale(box, { dates: [1], price: 100 });
    const [seatId] = sale.schedules[0]!.seatIds as [number];
    const path = `${pathOf(sale)}/${seatId}`;
    const patch = (json: object) => box.call("PATCH", path, { operator: true, json });
    const fan = newFan("a");
    const place = await box.join(fan);
    const listed = async () =>
      (await box.call("GET", "/v1/concerts", { fan, place })).body.concerts
        .some(({ concertId }: Sale) => concertId === sale.concertId);
    assert.equal(await listed(), true);
    const blocked = await patch({ status: "BLOCKED", reason: "a camera" });
    assert.deepEqual([blocked.status, blocked.body.status], [200, "BLOCKED"]);
    assert.equal(await listed(), false);
    const free = await patch({ status: "AVAILABLE", price: 0 });
    assert.deepEqual([free.body.status, free.body.price], ["AVAILABLE", 0]);
    assert.equal(await listed(), true);
    const held = await holdSeats(box, fan, place, sale, [seatId]);
    const refused = await patch({ status: "BLOCKED" });
    assert.deepEqual([refused.status, refused.body.code, refused.body.seatIds], [
      409,
      "SEAT_UNAVAILABLE",
      [seatId],
    ]);
    assert.equal((await patch({ price: 7 })).body.status, "HELD");
    const paid = await pay(box, fan, held);
    assert.deepEqual([paid.status, paid.body.totalAmount], [201, 0]);
    const log = await box.call("GET", "/v1/admin/audit?limit=100", { operator: true });
    const entries = log.body.items.filter((entry: { action: string; subject: string }) =>
      entry.action === "SEAT_CHANGED" && entry.subject === String(sale.concertId)
    );
    assert.deepEqual(entries.map(({ after: is }: { after: object }) => is), [
      { seatId, scheduleId: sale.schedules[0]!.scheduleId, price: 7, status: "HELD" },
      { seatId, scheduleId: sale.schedules[0]!.scheduleId, price: 0, status: "AVAILABLE" },
      { seatId, scheduleId: sale.schedules[0]!.scheduleId, price: 100, status: "BLOCKED" },
    ]);
    for (
      const [json, name] of [[{}, "body"], [{ status: "SOLD" }, "status"], [
        { price: -1 },
        "price",
      ]] as const
    ) {
      const { status, body } = await patch(json);
      assert.deepEqual([status, body.errors[0].path], [400, name]);
    }
    const missing = await box.call("PATCH", `${pathOf(sale)}/${UNKNOWN_ID}`, {
      operator: true,
      json: { price: 1 },
    });
    assert.deepEqual([missing.status, missing.body.seatIds], [404, [UNKNOWN_ID]]);
  });
}
