import { deepEqual, equal, match } from "node:assert/strict";
import { fetchWebhookSender } from "../../../src/adapters/fetch/webhook_sender.ts";
import { untraced } from "../../support/upstash.ts";
import { openReceiver, type Receiver } from "../../support/receiver.ts";

const MESSAGE = { headers: { "webhook-id": "evt_1" }, body: '{"a":"é"}' };

async function withReceiver(run: (receiver: Receiver) => Promise<void>): Promise<void> {
  const receiver = await openReceiver();
  try {
    await run(receiver);
  } finally {
    await receiver.close();
  }
}

Deno.test("`fetchWebhookSender()` posts the body as it is, with its headers, and gives the status", () =>
  withReceiver(async (receiver) => {
    const send = fetchWebhookSender({ trace: untraced });
    for (const status of [200, 204, 410, 500]) {
      receiver.answer = () => new Response(status === 204 ? null : "no matter", { status });
      deepEqual(await send({ url: receiver.url, ...MESSAGE }), { answered: true, status });
    }
    const [{ headers, text }] = receiver.events as [Receiver["events"][0]];
    equal(text, MESSAGE.body);
    equal(headers.get("webhook-id"), "evt_1");
    equal(headers.get("content-type"), "application/json");
  }));

Deno.test("`fetchWebhookSender()` follows no redirect", () =>
  withReceiver(async (receiver) => {
    for (const status of [301, 302, 303, 307, 308]) {
      receiver.answer = () => new Response(null, { status, headers: { Location: receiver.url } });
      receiver.events.length = 0;
      const sent = await fetchWebhookSender({ trace: untraced })({ url: receiver.url, ...MESSAGE });
      deepEqual([sent, receiver.events.length], [{ answered: true, status }, 1]);
    }
  }));

Deno.test("`fetchWebhookSender()` waits for an answer until its deadline", () =>
  withReceiver(async (receiver) => {
    receiver.answer = null;
    const sent = await fetchWebhookSender({ trace: untraced, deadlineMs: 50 })({
      url: receiver.url,
      ...MESSAGE,
    });
    deepEqual(sent, { answered: false, reason: "no answer within 0.05 s" });
  }));

Deno.test("`fetchWebhookSender()` reads nothing of an endless answer", () =>
  withReceiver(async (receiver) => {
    let chunks = 0;
    const endless = () =>
      new ReadableStream({
        pull: (controller) => {
          chunks++;
          controller.enqueue(new Uint8Array(65_536));
        },
      });
    receiver.answer = () => new Response(endless());
    deepEqual(await fetchWebhookSender({ trace: untraced })({ url: receiver.url, ...MESSAGE }), {
      answered: true,
      status: 200,
    });
    equal(chunks < 1_000, true);
  }));

Deno.test("`fetchWebhookSender()` says that a receiver was not reached", async () => {
  const receiver = await openReceiver();
  await receiver.close();
  const sent = await fetchWebhookSender({ trace: untraced })({ url: receiver.url, ...MESSAGE });
  match(JSON.stringify(sent), /not reached/);
});
