import assert from "node:assert/strict";
import { type ApiBox, newFan } from "../support/api_box.ts";
import type { Scenario } from "./scenario.ts";

const DAY_MS = 86_400_000;

interface Row {
  readonly section?: string;
  readonly row: string;
  readonly seats: number;
  readonly price?: number;
}

/** A date whose seats are numbered row by row. */
async function openHall(box: ApiBox, rows: readonly Row[]) {
  const { body } = await box.call("POST", "/v1/admin/concerts", {
    operator: true,
    json: {
      title: "Night Train",
      description: "",
      schedules: [{
        concertAt: new Date(box.clock() + 30 * DAY_MS).toISOString(),
        reservationAvailableAt: new Date(box.clock() - 1_000).toISOString(),
        seats: rows.flatMap(({ section = null, row, seats, price = 100 }) =>
          Array.from({ length: seats }, (_, i) => ({ section, row, label: `${i + 1}`, price }))
        ),
      }],
    },
  });
  const { concertId, schedules: [{ scheduleId }] } = body;
  async function send(bestAvailable: unknown, more: object = {}, key?: string) {
    const fan = newFan("chooser");
    const place = await box.join(fan);
    const json = { concertId, scheduleId, bestAvailable, ...more };
    const sent = { fan, place, json, ...(key === undefined ? {} : { key }) };
    return { received: await box.call("POST", "/v1/reservations", sent), sent };
  }
  async function choose(bestAvailable: unknown): Promise<string> {
    const { received: { status, body } } = await send(bestAvailable);
    assert.equal(status, 201, JSON.stringify(body));
    return body.reservations.map(({ row, seatLabel }: { row: string; seatLabel: string }) =>
      `${row}${seatLabel}`
    ).join(" ");
  }
  return { concertId, scheduleId, send, choose };
}

export function bestAvailableScenarios(test: Scenario): void {
  test("the best seats are together, in front and in the middle", async (open) => {
    const box = await open();
    const { choose } = await openHall(box, [{ row: "A", seats: 8 }, { row: "B", seats: 8 }]);
    assert.equal(await choose({ quantity: 2 }), "A3 A4");
    assert.equal(await choose({ quantity: 4 }), "A5 A6 A7 A8");
    assert.equal(await choose({ quantity: 2 }), "A1 A2");
    assert.equal(await choose({ quantity: 3 }), "B3 B4 B5");
  });

  test("no seat stays alone while another choice avoids it", async (open) => {
    const box = await open();
    const { choose } = await openHall(box, [{ row: "A", seats: 3 }, { row: "B", seats: 4 }]);
    assert.equal(await choose({ quantity: 2 }), "B1 B2");
    assert.equal(await choose({ quantity: 2 }), "B3 B4");
    assert.equal(await choose({ quantity: 2 }), "A1 A2", "here one stays alone anyhow");
    assert.equal(await choose({ quantity: 1 }), "A3");
  });

  test("the best seats are of the section and price that is asked for", async (open) => {
    const box = await open();
    const { choose, send } = await openHall(box, [
      { section: "Floor", row: "1", seats: 4, price: 500 },
      { section: "Balcony", row: "2", seats: 4, price: 200 },
      { section: "Balcony", row: "3", seats: 4, price: 100 },
    ]);
    assert.equal(await choose({ quantity: 4, section: "Balcony" }), "21 22 23 24");
    assert.equal(await choose({ quantity: 2, maxPrice: 100 }), "31 32");
    assert.equal(await choose({ quantity: 2, maxPrice: 499, section: null }), "33 34");
    const { received } = await send({ quantity: 2, maxPrice: 499 });
    assert.deepEqual([received.status, received.body.code], [409, "SEAT_UNAVAILABLE"]);
    assert.deepEqual(
      [received.body.seatsTogether, received.body.seatIds, received.body.ownReservations],
      [0, [], []],
    );
  });

  test("SEAT_UNAVAILABLE tells how many seats together are left", async (open) => {
    const box = await open();
    const { send, choose } = await openHall(box, [{ row: "A", seats: 3 }, { row: "B", seats: 2 }]);
    const { received } = await send({ quantity: 4 });
    assert.deepEqual([received.body.code, received.body.seatsTogether], ["SEAT_UNAVAILABLE", 3]);
    assert.equal(await choose({ quantity: 3 }), "A1 A2 A3");
    assert.equal((await send({ quantity: 3 })).received.body.seatsTogether, 2);
  });

  test("what holds for named seats holds for the best: key, limit, time, room, admission", async (open) => {
    const box = await open({ SEAT_LIMIT: "2" });
    const hall = await openHall(box, [{ row: "A", seats: 6 }]);
    const { received, sent } = await hall.send({ quantity: 2 }, {}, "once");
    const again = await box.call("POST", "/v1/reservations", sent);
    assert.deepEqual([again.status, again.text], [201, received.text]);
    assert.equal(again.headers.get("Idempotency-Replayed"), "true");
    assert.equal(received.body.totalPrice, 200);
    const other = { ...sent.json, bestAvailable: { quantity: 1 } };
    const reused = await box.call("POST", "/v1/reservations", { ...sent, json: other });
    assert.equal(reused.body.code, "IDEMPOTENCY_KEY_REUSED");
    const more = await box.call("POST", "/v1/reservations", { ...sent, key: "more" });
    assert.deepEqual([more.body.code, more.body.held], ["SEAT_LIMIT_EXCEEDED", 2]);
    const foreign = await hall.send({ quantity: 1 }, { concertId: hall.concertId + 1_000_000 });
    assert.equal(foreign.received.body.code, "CONCERT_NOT_FOUND");
    const path = `/v1/admin/concerts/${hall.concertId}`;
    const opens = (ms: number) => ({
      operator: true as const,
      json: {
        schedules: [{
          scheduleId: hall.scheduleId,
          reservationAvailableAt: new Date(box.clock() + ms).toISOString(),
        }],
      },
    });
    await box.call("PATCH", path, opens(5_000));
    assert.equal((await hall.send({ quantity: 1 })).received.body.code, "SALE_NOT_OPEN");
    await box.call("PATCH", path, opens(-5_000));
    assert.equal((await hall.send({ quantity: 1 })).received.status, 201);
    await box.call("DELETE", "/v1/queue/tokens/me", { place: sent.place });
    const gone = await box.call("POST", "/v1/reservations", { ...sent, key: "gone" });
    assert.equal(gone.body.code, "NOT_ADMITTED");
  });

  test("a request names seats or asks for the best, and not both", async (open) => {
    const box = await open();
    const { send } = await openHall(box, [{ row: "A", seats: 6 }]);
    const wrong: [unknown, object, string][] = [
      [undefined, {}, "seatIds"],
      [{ quantity: 1 }, { seatIds: [1] }, "bestAvailable"],
      [{ quantity: 0 }, {}, "bestAvailable.quantity"],
      [{ quantity: 51 }, {}, "bestAvailable.quantity"],
      [{ quantity: 1.5 }, {}, "bestAvailable.quantity"],
      [{}, {}, "bestAvailable.quantity"],
      [{ quantity: 1, section: "" }, {}, "bestAvailable.section"],
      [{ quantity: 1, section: "a\u0000b" }, {}, "bestAvailable.section"],
      [{ quantity: 1, maxPrice: -1 }, {}, "bestAvailable.maxPrice"],
      [{ quantity: 1, row: "A" }, {}, "bestAvailable.row"],
    ];
    for (const [best, more, path] of wrong) {
      const { received: { status, body } } = await send(best, more);
      assert.deepEqual([status, body.code], [400, "VALIDATION_FAILED"], JSON.stringify(body));
      assert.equal(body.errors[0].path, path, JSON.stringify(body));
    }
  });
}
