import { deepEqual, equal, rejects } from "node:assert/strict";
import { jwksKeySetSource } from "../../../src/adapters/jwks/key_set_source.ts";
import { KEY_SET_DEADLINE_MS } from "../../../src/domain/key_set.ts";
import { untraced } from "../../support/upstash.ts";

const KEYS = { keys: [{ kty: "EC", kid: "a" }] };

/** The outcome of a fetch from a server that answers so. */
async function fetchFrom(answer: (request: Request) => Response | Promise<Response>) {
  await using server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, answer);
  const url = `http://127.0.0.1:${server.addr.port}/jwks.json`;
  return await jwksKeySetSource({ url, trace: untraced }).fetch();
}

Deno.test("`fetch()` gives the key set of the address", async () => {
  deepEqual(await fetchFrom(() => Response.json(KEYS)), KEYS);
});

Deno.test("`fetch()` refuses what is no key set with keys", async () => {
  const answers: Record<string, (request: Request) => Response> = {
    "a failure": () => Response.json(KEYS, { status: 500 }),
    "a redirect": ({ url }) =>
      url.endsWith("/other") ? Response.json(KEYS) : Response.redirect(new URL("/other", url)),
    "no JSON": () => new Response("<html>"),
    "another JSON": () => Response.json({ keys: "none" }),
    "no keys": () => Response.json({ keys: [] }),
    "keys that are no objects": () => Response.json({ keys: [null] }),
    "too long an answer": () => Response.json({ ...KEYS, filler: "x".repeat(300_000) }),
  };
  for (const [name, answer] of Object.entries(answers)) {
    await rejects(fetchFrom(answer), Error, name);
  }
});

Deno.test("`fetch()` ends at its deadline, before the answer and within it", async () => {
  for (const head of ["", "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{"]) {
    const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    const late = new AbortController();
    const served = listener.accept().then(async (connection) => {
      await connection.read(new Uint8Array(4096));
      if (head) await connection.write(new TextEncoder().encode(head));
      late.abort(new Error("late"));
      return connection;
    });
    let deadlineMs = 0;
    const source = jwksKeySetSource({
      trace: untraced,
      url: `http://127.0.0.1:${listener.addr.port}/jwks.json`,
      deadline: (ms) => (deadlineMs = ms, late.signal),
    });
    await rejects(source.fetch(), /late/);
    equal(deadlineMs, KEY_SET_DEADLINE_MS);
    (await served).close();
    listener.close();
  }
});
