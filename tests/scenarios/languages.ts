import assert from "node:assert/strict";
import { newFan } from "../support/api_box.ts";
import { putOnSale } from "../support/sale.ts";
import type { Scenario } from "./scenario.ts";

const KOREAN = /[가-힣]/;

export function languageScenarios(test: Scenario): void {
  test("a problem document speaks the caller's language, and its code stays", async (open) => {
    const box = await open();
    for (
      const [accept, language] of [
        ["ko-KR,ko;q=0.9,en;q=0.8", "ko"],
        ["en-GB,en;q=0.9,ko;q=0.8", "en"],
        ["de, ko;q=0.5", "ko"],
        ["de", "en"],
        ["", "en"],
        ["*", "en"],
        ["*;;q=,x;" + "x".repeat(500), "en"],
      ] as const
    ) {
      const { status, headers, body } = await box.call("GET", "/v1/balance", {
        headers: { "Accept-Language": accept },
      });
      assert.equal(status, 401);
      assert.equal(headers.get("Content-Language"), language, accept);
      assert.match(headers.get("Vary") ?? "", /Accept-Language/);
      assert.equal(body.code, "UNAUTHENTICATED");
      assert.equal(KOREAN.test(body.title), language === "ko", accept);
      assert.equal(KOREAN.test(body.detail), language === "ko", accept);
    }
  });

  test("people read which seats are gone by what is printed on them", async (open) => {
    const box = await open();
    const { body: made } = await box.call("POST", "/v1/admin/concerts", {
      operator: true,
      json: {
        title: "Night Train",
        description: "",
        schedules: [{
          concertAt: new Date(box.clock() + 86_400_000).toISOString(),
          reservationAvailableAt: new Date(box.clock() - 1_000).toISOString(),
          seats: [
            { price: 1, section: "R석", row: "3", label: "12", seatNumber: 412 },
            { price: 1, section: "Stalls", row: null, label: "A7", seatNumber: 413 },
          ],
        }],
      },
    });
    const { concertId, schedules: [{ scheduleId, seats }] } = made;
    const seatIds = seats.map(({ seatId }: { seatId: number }) => seatId);
    const json = { concertId, scheduleId, seatIds };
    const [first, second] = [newFan("first"), newFan("second")];
    const place = await box.join(first);
    const { status, body: held } = await box.call("POST", "/v1/reservations", {
      fan: first,
      place,
      json,
    });
    assert.equal(status, 201);
    const told = async (language: string) => {
      const { body } = await box.call("POST", "/v1/reservations", {
        fan: second,
        place: await box.join(second),
        json,
        headers: { "Accept-Language": language },
      });
      assert.equal(body.code, "SEAT_UNAVAILABLE");
      assert.deepEqual(body.seatIds, seatIds);
      assert.equal(body.seats, undefined);
      return body.detail;
    };
    assert.match(await told("ko"), /R석 3열 12번, Stalls구역 A7번/);
    assert.match(await told("en"), /section R석, row 3, seat 12; section Stalls, seat A7\./);

    const [{ reservationId }] = held.reservations;
    await box.call("DELETE", `/v1/reservations/${reservationId}`, { fan: first });
    const { body: refusal } = await box.call("POST", "/v1/payments", {
      fan: first,
      json: { reservationIds: [reservationId] },
      headers: { "Idempotency-Key": crypto.randomUUID(), "Accept-Language": "ko" },
    });
    assert.deepEqual(refusal.reservations, [{ reservationId, status: "CANCELLED" }]);
    assert.match(refusal.detail, /R석 3열 12번\(취소됨\)/);
  });

  test("no detail names a seat by its id", async (open) => {
    const box = await open();
    const sale = await putOnSale(box, { dates: [1] });
    const fan = newFan("lost");
    const { body } = await box.call("POST", "/v1/reservations", {
      fan,
      place: await box.join(fan),
      json: {
        concertId: sale.concertId,
        scheduleId: sale.schedules[0]!.scheduleId,
        seatIds: [987_654_321],
      },
    });
    assert.equal(body.code, "SEAT_NOT_FOUND");
    assert.doesNotMatch(body.detail, /\d/);
  });
}
