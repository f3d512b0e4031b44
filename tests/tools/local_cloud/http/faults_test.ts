import { equal } from "node:assert/strict";
import { faultContract } from "./fault_contract.ts";
import { type NeonUnderTest, openNeon, postSql } from "../neon/neon_under_test.ts";
import { openUpstash, post, type UpstashUnderTest } from "../upstash/upstash_under_test.ts";
import { openRawSocket } from "./raw_socket.ts";

let upstash: UpstashUnderTest;
let neon: NeonUnderTest;
Deno.test.beforeAll(async () => {
  [upstash, neon] = await Promise.all([openUpstash(), openNeon()]);
  await postSql(neon, { query: "create sequence hits" });
});
Deno.test.afterAll(async () => {
  await Promise.all([upstash.close(), neon.close()]);
});

faultContract("upstash", () => ({
  endpoint: upstash.endpoint,
  counting: {
    head: [`authorization: Bearer ${upstash.endpoint.token}`],
    body: '["INCR","hits"]',
  },
  takeRuns: async () =>
    Number((await post(upstash.endpoint, "/", ["GETDEL", "hits"])).body.result ?? 0),
}));

faultContract("neon", () => ({
  endpoint: neon.endpoint,
  counting: {
    head: [`neon-connection-string: ${neon.url}`],
    body: `{"query":"select nextval('hits')"}`,
  },
  async takeRuns() {
    const { body } = await postSql(neon, {
      queries: [
        { query: "select case when is_called then last_value else 0 end::int as n from hits" },
        { query: "alter sequence hits restart" },
      ],
    });
    return body.results[0].rows[0].n;
  },
}));

Deno.test("`close()` ends a request that hangs", async () => {
  const { endpoint, close } = await openUpstash();
  endpoint.faults.inject({ kind: "hang" });
  const socket = await openRawSocket(endpoint.port);
  await socket.send("POST / HTTP/1.1\r\nhost: localhost\r\ncontent-length: 0\r\n\r\n");
  while (endpoint.counts.requests === 0) await new Promise((resolve) => setTimeout(resolve, 0));
  await close();
  equal(await socket.readToEnd(), "");
  socket.close();
});
