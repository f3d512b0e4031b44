import assert from "node:assert/strict";
import { exportJWK, generateKeyPair, SignJWT } from "jose";
import { newFan } from "../support/api_box.ts";
import { holdSeats, putOnSale } from "../support/sale.ts";
import type { Scenario } from "./scenario.ts";
import { withReceivers } from "./webhooks.ts";

const TRACE = "0af7651916cd43dd8448eb211c80319c";
const TRACEPARENT = `00-${TRACE}-b7ad6b7169203331-01`;

export function traceScenarios(test: Scenario): void {
  test("the fetch of the key set continues the trace of the request that needed it", async (open) => {
    const { publicKey, privateKey } = await generateKeyPair("ES256", { extractable: true });
    const keys = [{ ...await exportJWK(publicKey), alg: "ES256", kid: "a" }];
    const seen: (string | null)[] = [];
    await using server = Deno.serve(
      { hostname: "127.0.0.1", port: 0, onListen() {} },
      ({ headers }) => {
        seen.push(headers.get("traceparent"));
        return Response.json({ keys });
      },
    );
    for (const given of [TRACEPARENT, "00-malformed-01", TRACEPARENT.toUpperCase()]) {
      const box = await open({
        USER_JWT_SECRET: "",
        USER_JWKS_URL: `http://127.0.0.1:${server.addr.port}/jwks.json`,
        USER_JWT_ISSUER: "https://id.test",
        USER_JWT_AUDIENCE: "tickets",
      });
      const claims = { iss: "https://id.test", aud: "tickets", sub: newFan("traced") };
      const token = await new SignJWT({ ...claims, exp: Math.floor(box.clock() / 1000) + 60 })
        .setProtectedHeader({ alg: "ES256", kid: "a" }).sign(privateKey);
      const { status, headers } = await box.call("GET", "/v1/balance", {
        headers: { Authorization: `Bearer ${token}`, traceparent: given },
      });
      const span = headers.get("traceparent")!;
      assert.deepEqual([status, seen.at(-1)], [200, span], given);
      assert.equal(span.split("-")[1] === TRACE, given === TRACEPARENT, given);
    }
    assert.equal(seen.length, 3);
  });

  test("a webhook that follows a payment continues its trace, and one of the cron has none", async (open) => {
    await withReceivers(open, 1, async (box, [receiver]) => {
      const fan = newFan("traced");
      const sale = await putOnSale(box, { dates: [3], price: 0 });
      const payTraced = async (seatId: number) => {
        const place = await box.join(fan);
        const reservationIds = await holdSeats(box, fan, place, sale, [seatId]);
        const paid = await box.call("POST", "/v1/payments", {
          fan,
          key: `traced-${seatId}`,
          json: { reservationIds },
          headers: { traceparent: TRACEPARENT },
        });
        await box.settle();
        return paid.headers.get("traceparent");
      };
      const [one, two] = sale.schedules[0]!.seatIds as [number, number, number];
      const span = await payTraced(one);
      assert.equal(receiver!.events.at(-1)!.headers.get("traceparent"), span);
      receiver!.answer = () => new Response(null, { status: 500 });
      await payTraced(two);
      receiver!.answer = () => new Response(null, { status: 204 });
      box.clock.advance(3_600_000);
      await box.tick();
      assert.equal(receiver!.events.at(-1)!.headers.get("traceparent"), null);
    });
  });
}
