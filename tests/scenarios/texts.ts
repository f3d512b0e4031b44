import assert from "node:assert/strict";
import type { Scenario } from "./scenario.ts";

export function textScenarios(test: Scenario): void {
  test("texts of which nothing is visible are refused; descriptions may be empty", async (open) => {
    const { call } = await open();
    const faultsOf = async (members: Record<string, unknown>, seat: Record<string, unknown>) => {
      const { body } = await call("POST", "/v1/admin/concerts", {
        operator: true,
        json: {
          title: "t",
          description: "",
          ...members,
          schedules: [{
            concertAt: "2026-12-24T00:00:00Z",
            reservationAvailableAt: "2026-12-01T00:00:00Z",
            seats: [{ seatNumber: 1, price: 1, ...seat }],
          }],
        },
      });
      return (body.errors ?? []).map(({ path }: { path: string }) => path);
    };
    for (const blank of [" ", "\u3000", "\u200b\u200d", "\n\t", "\u3164", "\u2800"]) {
      assert.deepEqual(
        await faultsOf({ title: blank, venue: blank }, { section: blank, row: blank }),
        ["title", "venue", "schedules[0].seats[0].section", "schedules[0].seats[0].row"],
      );
      const reason = await call("PATCH", "/v1/admin/rooms/main", {
        operator: true,
        json: { capacity: 5, reason: blank },
      });
      assert.deepEqual(reason.body.errors?.[0].path, "reason");
    }
    assert.deepEqual(await faultsOf({ title: " t ", description: "" }, {}), []);
  });

  test("ids that begin or end in a blank are refused, in bodies and in paths", async (open) => {
    const { call } = await open();
    for (const id of [" a", "a ", "a\u00a0", "\ta", "a\u200b"]) {
      const named = encodeURIComponent(id);
      const operator = { operator: true } as const;
      const pathOf = async (...sent: Parameters<typeof call>) =>
        (await call(...sent)).body.errors?.[0].path;
      const json = { userId: id, amount: 1 };
      assert.equal(
        await pathOf("POST", "/v1/admin/balance/charges", { ...operator, key: "k", json }),
        "userId",
      );
      assert.equal(await pathOf("GET", `/v1/admin/fans/${named}`, operator), "userId");
      const place = `/v1/admin/rooms/main/places/${named}`;
      assert.equal(await pathOf("DELETE", place, operator), "userId");
      const fan = { fan: "a" };
      assert.equal(await pathOf("GET", `/v1/payments/${named}`, fan), "paymentId");
      assert.equal(await pathOf("DELETE", `/v1/reservations/${named}`, fan), "reservationId");
      const reservationIds = { ...fan, key: "k", json: { reservationIds: [id] } };
      assert.equal(await pathOf("POST", "/v1/payments", reservationIds), "reservationIds[0]");
    }
  });
}
