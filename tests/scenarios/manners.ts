import assert from "node:assert/strict";
import { newFan } from "../support/api_box.ts";
import { makeRoom } from "../support/room.ts";
import { holdSeats, pay, putOnSale } from "../support/sale.ts";
import type { Scenario } from "./scenario.ts";

const TRACE = "0af7651916cd43dd8448eb211c80319c";

export function mannersScenarios(test: Scenario): void {
  test("a problem document comes whichever of the JSON types the caller accepts", async (open) => {
    const { call } = await open();
    for (const Accept of ["application/json", "application/problem+json", "text/html", "*/*"]) {
      const { status, body, headers } = await call("GET", "/v1/balance", { headers: { Accept } });
      assert.deepEqual([status, body.code], [401, "UNAUTHENTICATED"], Accept);
      assert.equal(headers.get("Content-Type"), "application/problem+json");
    }
    const { status } = await call("GET", "/v1/queue", {
      headers: { Accept: "application/problem+json" },
    });
    assert.equal(status, 200);
  });

  test("Location of a 201 names what was made, also of a replay", async (open) => {
    const box = await open();
    const fan = newFan("payer");
    const sale = await putOnSale(box, { price: 100 });
    const location = async (path: string, key: string, json: unknown) => {
      const { status, headers } = await box.call("POST", path, { operator: true, key, json });
      assert.equal(status, 201);
      return headers.get("Location");
    };
    const charges = "/v1/admin/balance/charges";
    const ledger = `/v1/admin/fans/${encodeURIComponent(fan)}/ledger`;
    for (const _ of ["first", "replay"]) {
      assert.equal(await location(charges, "key", { userId: fan, amount: 500 }), ledger);
    }
    assert.equal((await box.call("GET", ledger, { operator: true })).body.items.length, 1);
    const place = await box.join(fan);
    const held = await holdSeats(box, fan, place, sale, sale.schedules[0]!.seatIds.slice(0, 1));
    for (const replayed of [null, "true"]) {
      const { body, headers } = await pay(box, fan, held, "pay-once");
      assert.equal(headers.get("Idempotency-Replayed"), replayed);
      assert.equal(headers.get("Location"), `/v1/payments/${body.payments[0].paymentId}`);
    }
  });

  test("a PATCH may be a merge patch, and no other request", async (open) => {
    const box = await open();
    const room = await makeRoom(box, { capacity: 1 });
    const raw = JSON.stringify({ capacity: 2 });
    const headers = { "Content-Type": "application/merge-patch+json; charset=utf-8" };
    const sent = { operator: true, raw, headers } as const;
    const patched = await box.call("PATCH", `/v1/admin/rooms/${room}`, sent);
    assert.deepEqual([patched.status, patched.body.capacity], [200, 2]);
    const posted = await box.call("POST", "/v1/admin/rooms", sent);
    assert.deepEqual([posted.status, posted.body.code], [415, "UNSUPPORTED_MEDIA_TYPE"]);
  });

  test("rooms have pages, by name", async (open) => {
    const box = await open();
    const made = [await makeRoom(box), await makeRoom(box)].sort();
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const query: string = cursor === null ? "" : `&cursor=${cursor}`;
      const { body } = await box.call("GET", `/v1/admin/rooms?limit=3${query}`, { operator: true });
      seen.push(...body.rooms.map(({ room }: { room: string }) => room));
      cursor = body.nextCursor;
    } while (cursor !== null);
    assert.deepEqual(seen, seen.toSorted());
    assert.equal(new Set(seen).size, seen.length);
    assert.deepEqual(seen.filter((room) => made.includes(room)), made);
  });

  test("an answer continues the trace of its request with a span of its own", async (open) => {
    const { call } = await open();
    const see = async (traceparent: string) => {
      const { headers } = await call("GET", "/healthz", { headers: { traceparent } });
      return headers.get("traceparent")!;
    };
    const [, trace, span, flags] = (await see(`00-${TRACE}-b7ad6b7169203331-01`)).split("-");
    assert.deepEqual([trace, flags], [TRACE, "01"]);
    assert.notEqual(span, "b7ad6b7169203331");
    const later = await see(`01-${TRACE}-b7ad6b7169203331-01-later`);
    assert.match(later, new RegExp(`^00-${TRACE}-`), "of a version to come");
    for (
      const wrong of [
        "",
        `ff-${TRACE}-b7ad6b7169203331-01`,
        `00-${"0".repeat(32)}-b7ad6b7169203331-01`,
        `00-${TRACE}-${"0".repeat(16)}-01`,
        `00-${TRACE.toUpperCase()}-b7ad6b7169203331-01`,
        `00-${TRACE}-b7ad6b7169203331-01-later`,
        `00-${TRACE}-b7ad6b7169203331-01, 00-${TRACE}-b7ad6b7169203331-01`,
      ]
    ) assert.notEqual((await see(wrong)).split("-")[1], TRACE, wrong);
  });

  test("GONE gives no Retry-After, and HELD no estimate", async (open) => {
    const box = await open();
    const room = await makeRoom(box, { capacity: 1, state: "HELD" });
    const fan = newFan("waits");
    const { body } = await box.call("POST", "/v1/queue/tokens", { fan, json: { room } });
    assert.deepEqual(
      [body.state, body.reason, body.estimatedWaitSeconds, body.estimatedWaitRange],
      ["WAITING", "HELD", null, null],
    );
    const place = body.token;
    const waiting = await box.call("GET", "/v1/concerts", { fan, place });
    assert.match(waiting.headers.get("Retry-After")!, /^[1-9]\d*$/);
    await box.call("DELETE", "/v1/queue/tokens/me", { place });
    const gone = await box.call("GET", "/v1/concerts", { fan, place });
    assert.deepEqual([gone.status, gone.body.line.state], [403, "GONE"]);
    assert.equal(gone.headers.get("Retry-After"), null);
  });
}
