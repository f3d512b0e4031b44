import assert from "node:assert/strict";
import { type ApiBox, newFan } from "../support/api_box.ts";
import { holdSeats, pay, putOnSale } from "../support/sale.ts";
import type { Scenario } from "./scenario.ts";

const CSV = { Accept: "text/csv" };

function list(box: ApiBox, path: string, headers = {}) {
  return box.call("GET", path, { operator: true, headers });
}

/** A sale with a buyer of each seat; the names are those of the fans. */
async function soldTo(box: ApiBox, names: readonly string[]) {
  const sale = await putOnSale(box, { dates: [names.length], price: 0 });
  const fans: string[] = [];
  for (const [index, name] of names.entries()) {
    const fan = newFan(name);
    const place = await box.join(fan);
    const seatId = sale.schedules[0]!.seatIds[index]!;
    await pay(box, fan, await holdSeats(box, fan, place, sale, [seatId]));
    await box.settle();
    box.clock.advance(5);
    fans.push(fan);
  }
  return { sale, fans, path: `/v1/admin/concerts/${sale.concertId}/sales` };
}

export function salesScenarios(test: Scenario): void {
  test("an operator finds the buyer of a seat in one call", async (open) => {
    const box = await open();
    const { sale, fans, path } = await soldTo(box, ["ann", "bob"]);
    const { scheduleId, seatIds } = sale.schedules[0]!;
    const { body } = await list(box, `${path}?scheduleId=${scheduleId}&seatId=${seatIds[0]}`);
    const [{ paymentId, reservationId, paidAt, ...found }] = body.items;
    assert.ok(paymentId && reservationId && paidAt);
    assert.deepEqual([body.items.length, found], [1, {
      userId: fans[0],
      scheduleId,
      seatId: seatIds[0],
      seatNumber: 1,
      seatLabel: "1",
      section: null,
      row: null,
      amount: 0,
      status: "COMPLETED",
    }]);
    const ofBob = await list(box, `${path}?userId=${encodeURIComponent(fans[1]!)}`);
    assert.deepEqual(ofBob.body.items.map(({ seatId }: { seatId: number }) => seatId), [
      seatIds[1],
    ]);
    for (const [name, value] of [["seatId", "0"], ["scheduleId", "x"], ["userId", "%00"]]) {
      const { status, body } = await list(box, `${path}?${name}=${value}`);
      assert.deepEqual([status, body.errors[0].path], [400, name]);
    }
  });

  test("sales come as CSV, page after page, without formulas", async (open) => {
    const box = await open();
    const { fans, path } = await soldTo(box, ["=1+1", 'a,"b"', "-2\n3"]);
    const json = (await list(box, path)).body.items;
    const first = await list(box, `${path}?limit=2`, CSV);
    assert.equal(first.headers.get("Content-Type"), "text/csv; charset=utf-8; header=present");
    assert.match(first.headers.get("Vary")!, /\bAccept\b/);
    const cursor = first.headers.get("Next-Cursor");
    const second = await list(box, `${path}?limit=2&cursor=${cursor}`, CSV);
    assert.equal(second.headers.get("Next-Cursor"), null);
    const columns = Object.keys(json[0]);
    const row = (index: number, userId: string) =>
      columns.map((name) => name === "userId" ? userId : json[index][name] ?? "").join(",");
    assert.equal(
      first.text,
      `${columns.join(",")}\r\n${row(0, `"'${fans[2]}"`)}\r\n${
        row(1, `"${fans[1]!.replaceAll('"', '""')}"`)
      }\r\n`,
    );
    assert.equal(second.text, `${columns.join(",")}\r\n${row(2, `"'${fans[0]}"`)}\r\n`);
    assert.equal((await list(box, path, CSV)).text.split("\r\n").length, 5);
  });

  test("CSV has more rows a page than JSON, and both have a limit", async (open) => {
    const box = await open();
    const { path } = await soldTo(box, ["ann"]);
    const cases = [
      [`${path}?limit=101`, {}, 400],
      [`${path}?limit=10000`, CSV, 200],
      [`${path}?limit=10001`, CSV, 400],
      [`${path}?limit=101`, { Accept: "text/csv;q=0.5, application/json" }, 400],
      [`${path}?limit=101`, { Accept: "*/*" }, 400],
      ["/v1/admin/audit?limit=10000", CSV, 200],
    ] as const;
    for (const [at, headers, status] of cases) {
      assert.equal(
        (await list(box, at, headers)).status,
        status,
        `${at} ${JSON.stringify(headers)}`,
      );
    }
  });

  test("the audit log comes as CSV, with old and new values as JSON", async (open) => {
    const box = await open();
    const reason = `=HYPERLINK("x") ${newFan("")}`;
    await box.call("POST", "/v1/admin/caches/evictions", { operator: true, json: { reason } });
    const { text } = await list(box, "/v1/admin/audit?limit=1", CSV);
    const [names, entry] = text.split("\r\n");
    assert.equal(names, "at,operator,action,room,subject,before,after,reason");
    assert.ok(entry!.includes(`,CACHES_EVICTED,,,,"{""evicted"":`), text);
    assert.ok(entry!.endsWith(`,"'${reason.replaceAll('"', '""')}"`), text);
  });
}
