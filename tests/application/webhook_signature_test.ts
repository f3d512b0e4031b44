import { equal, match } from "node:assert/strict";
import { signedMessage, webhookSignature } from "../../src/application/webhook_signature.ts";

Deno.test("`webhookSignature()` gives that of the example of Standard Webhooks", async () => {
  // https://github.com/standard-webhooks/standard-webhooks: spec/standard-webhooks.md
  const body = '{"event_type":"ping","data":{"success":true}}';
  equal(
    await webhookSignature(
      "whsec_plJ3nmyCDGBKInavdOK15jsl",
      `msg_loFOjxBNrRLzqYUf.1731705121.${body}`,
    ),
    "v1,rAvfW3dJ/X/qxhsaXPOyyCGmRKsaKWcsNccKXlIktD0=",
  );
});

Deno.test("`signedMessage()` signs the id, the time of the attempt and the body that is sent", async () => {
  const secret = "whsec_plJ3nmyCDGBKInavdOK15jsl";
  const delivery = {
    webhookId: "whk_1" as const,
    url: "https://hooks.example.com/",
    secret,
    eventId: "evt_7_1",
    sequence: 7,
    type: "concert.sold_out",
    timestamp: "2030-01-01T00:00:00.000Z",
    data: { concertId: 3 },
    attempts: 1,
  };
  const { headers, body } = await signedMessage(delivery, 1_893_456_000_999);
  equal(
    body,
    '{"type":"concert.sold_out","timestamp":"2030-01-01T00:00:00.000Z","sequence":7,' +
      '"data":{"concertId":3}}',
  );
  equal(headers["webhook-timestamp"], "1893456000");
  match(headers["webhook-id"]!, /^[^.]+$/);
  const signature = await webhookSignature(secret, `evt_7_1.1893456000.${body}`);
  equal(headers["webhook-signature"], signature);
});
