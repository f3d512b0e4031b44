import { deepEqual, equal, match } from "node:assert/strict";
import { fetchWebhookSender } from "../../src/adapters/fetch/webhook_sender.ts";
import { jwksKeySetSource } from "../../src/adapters/jwks/key_set_source.ts";
import { neonSql } from "../../src/adapters/postgres/neon.ts";
import { createRedisClient } from "../../src/adapters/upstash/client.ts";
import { createMakeScript } from "../../src/adapters/upstash/script.ts";
import { createTracing } from "../../src/composition/tracing.ts";

const TRACEPARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
const ROWS = { fields: [], rows: [], command: "SELECT", rowCount: 0 };

/** A server that speaks just enough of every protocol to be called, and keeps the headers. */
function openRecorder() {
  const requests: Headers[] = [];
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, async (request) => {
    requests.push(request.headers);
    const { pathname } = new URL(request.url);
    const body = request.method === "POST" ? await request.json() : null;
    if (pathname === "/jwks.json") return Response.json({ keys: [{ kty: "EC", kid: "a" }] });
    if (pathname === "/events") return new Response(null, { status: 204 });
    if (pathname === "/sql") {
      return Response.json(body.queries ? { results: [ROWS, ROWS] } : ROWS);
    }
    return Response.json(pathname === "/pipeline" ? [{ result: 1 }, { result: 1 }] : { result: 1 });
  });
  return { requests, host: `127.0.0.1:${server.addr.port}`, close: () => server.shutdown() };
}

/** Every call that goes out, by its adapter. */
function callers(host: string, trace: ReturnType<typeof createTracing>["trace"]) {
  const clock = () => 0;
  const redis = createRedisClient({ url: `http://${host}`, token: "token", clock, trace });
  const url = `postgresql://user:password@${host}/database`;
  const check = { text: "select 1", params: [] };
  const sql = neonSql({ url, clock, trace });
  const checkedSql = neonSql({ url, clock, trace, check });
  const script = {
    script: createMakeScript({ keyLocking: false })("return 1"),
    keys: [],
    args: [],
  };
  const send = fetchWebhookSender({ trace });
  const event = { url: `http://${host}/events`, headers: { "webhook-id": "e" }, body: "{}" };
  return {
    command: () => redis.command("PING"),
    script: () => redis.run(script),
    pipeline: () => redis.runWith(script, { get: "key" }),
    statement: () => sql("select 1", []),
    "statement with the check": () => checkedSql("select 1", []),
    "key set": () => jwksKeySetSource({ url: `http://${host}/jwks.json`, trace }).fetch(),
    webhook: () => send(event),
  };
}

Deno.test("calls that go out continue the trace of the request, and keep their own headers", async () => {
  const { requests, host, close } = openRecorder();
  try {
    const { trace, continueTrace } = createTracing({ counters: { countRoundTrip() {} } });
    const acts = callers(host, trace);
    for (const [name, act] of Object.entries(acts)) {
      requests.length = 0;
      await continueTrace<unknown>(TRACEPARENT, act);
      await act();
      deepEqual(requests.map((headers) => headers.get("traceparent")), [TRACEPARENT, null], name);
    }
    requests.length = 0;
    await continueTrace(TRACEPARENT, () => acts.statement());
    await continueTrace(TRACEPARENT, () => acts.pipeline());
    await continueTrace(TRACEPARENT, () => acts.webhook());
    const [statement, pipeline, webhook] = requests;
    match(statement!.get("neon-connection-string")!, /^postgresql:/);
    equal(pipeline!.get("authorization"), "Bearer token");
    equal(webhook!.get("webhook-id"), "e");
  } finally {
    await close();
  }
});

Deno.test("two requests at once have traces of their own", async () => {
  const { trace, continueTrace } = createTracing({ counters: { countRoundTrip() {} } });
  const other = TRACEPARENT.replace("b7ad", "0000");
  const seen = await Promise.all(
    [TRACEPARENT, other].map((traceparent) =>
      continueTrace(traceparent, async () => {
        await Promise.resolve();
        return trace.headers();
      })
    ),
  );
  deepEqual(seen, [{ traceparent: TRACEPARENT }, { traceparent: other }]);
  deepEqual(trace.headers(), {});
});
