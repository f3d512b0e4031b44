import { equal, match } from "node:assert/strict";
import type { HttpRequest } from "../../../../src/tools/local_cloud/http/http_request.ts";
import { CUT, serveHttp } from "../../../../src/tools/local_cloud/http/server.ts";
import { openSocket } from "./raw_socket.ts";

const LONGEST_BODY_BYTES = 1_000_000;

/** Answers what it read: method, path, length of the body, body. */
function serveEcho(onRequest: (request: HttpRequest) => void = () => {}) {
  return serveHttp({
    hostname: "127.0.0.1",
    port: 0,
    longestBodyBytes: LONGEST_BODY_BYTES,
    errorBody: (message) => JSON.stringify({ error: message }),
    handle: async (request) => {
      onRequest(request);
      const { method, path, body } = request;
      return { status: 200, body: JSON.stringify([method, path, body.length, body.slice(0, 40)]) };
    },
  });
}

async function withSocket(
  run: (socket: Awaited<ReturnType<typeof openSocket>>) => Promise<void>,
  server = serveEcho(),
): Promise<void> {
  const socket = await openSocket(server.port);
  try {
    await run(socket);
  } finally {
    socket.close();
    await server.close();
  }
}

Deno.test("`serveHttp()` answers requests that came in one piece, in order", () =>
  withSocket(async ({ say, hear }) => {
    await say("POST /a HTTP/1.1\r\ncontent-length: 2\r\n\r\nhiGET /b HTTP/1.1\r\n\r\n");
    match(await hear('["POST","/a",2,"hi"]'), /^HTTP\/1\.1 200 OK\r\n/);
    match(await hear('["GET","/b",0,""]'), /content-length: 17\r\n/);
  }));

Deno.test("`serveHttp()` reads a request that comes byte by byte", () =>
  withSocket(async ({ say, hear }) => {
    for (const byte of "POST / HTTP/1.1\r\nContent-Length: 3\r\n\r\na\r\n") await say(byte);
    await hear('["POST","/",3,"a\\r\\n"]');
  }));

Deno.test("`serveHttp()` counts a body in bytes, and an answer too", () =>
  withSocket(async ({ say, hear }) => {
    await say("POST / HTTP/1.1\r\ncontent-length: 6\r\n\r\n€é!");
    match(await hear('["POST","/",3,"€é!"]'), /content-length: 23\r\n/);
  }));

Deno.test("`serveHttp()` reads chunks, with extensions and trailers", () =>
  withSocket(async ({ say, hear }) => {
    await say("POST / HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\n");
    await say("3\r\nabc\r\nA;x=y\r\n0123456789\r\n0\r\ntrailer: t\r\n\r\n");
    await hear('["POST","/",13,"abc0123456789"]');
    await say("GET /next HTTP/1.1\r\n\r\n");
    await hear('["GET","/next",0,""]');
  }));

Deno.test("`serveHttp()` asks for a body whose client waits to be asked", () =>
  withSocket(async ({ say, hear }) => {
    await say("POST / HTTP/1.1\r\nexpect: 100-continue\r\ncontent-length: 1\r\n\r\n");
    equal(await hear("\r\n\r\n"), "HTTP/1.1 100 Continue\r\n\r\n");
    await say("x");
    await hear('["POST","/",1,"x"]');
  }));

for (
  const [what, start] of [
    ["asked to", "GET / HTTP/1.1\r\nConnection: close"],
    ["by custom of HTTP/1.0", "GET / HTTP/1.0"],
  ] as const
) {
  Deno.test(`\`serveHttp()\` closes after the answer ${what}`, () =>
    withSocket(async ({ say, hearOut }) => {
      await say(`${start}\r\n\r\n`);
      match(await hearOut(), /\["GET","\/",0,""\]$/);
    }));
}

const tooLong = LONGEST_BODY_BYTES + 1;
for (
  const [status, what, request] of [
    [400, "what is no request", "hello\r\n\r\n"],
    [400, "what is no header", "GET / HTTP/1.1\r\nnothing\r\n\r\n"],
    [400, "a length that is no number", "POST / HTTP/1.1\r\ncontent-length: -1\r\n\r\n"],
    [
      400,
      "a chunk without a size",
      "POST / HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\nxyz\r\n",
    ],
    [431, "an endless head", "GET / HTTP/1.1\r\na: ".padEnd(65_537, "x")],
    [
      413,
      "a body that is too long",
      `POST / HTTP/1.1\r\ncontent-length: ${tooLong}\r\n\r\n${"x".repeat(tooLong)}`,
    ],
    [
      413,
      "chunks that are too long",
      "POST / HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\n" +
      `${tooLong.toString(16)}\r\n${"x".repeat(tooLong)}\r\n`,
    ],
    [
      413,
      "a body longer than it is worth reading",
      "POST / HTTP/1.1\r\ncontent-length: 99999999999\r\n\r\n",
    ],
  ] as const
) {
  Deno.test(`\`serveHttp()\` answers ${status} to ${what}, and closes`, async () => {
    let handled = 0;
    await withSocket(async ({ say, hearOut }) => {
      await say(request);
      match(await hearOut(), new RegExp(`^HTTP/1\\.1 ${status} [^]*"error":`));
    }, serveEcho(() => handled++));
    equal(handled, 0);
  });
}

Deno.test("`serveHttp()` takes a body of just the limit", () =>
  withSocket(async ({ say, hear }) => {
    const body = "x".repeat(LONGEST_BODY_BYTES);
    await say(`POST / HTTP/1.1\r\ncontent-length: ${LONGEST_BODY_BYTES}\r\n\r\n${body}`);
    await hear(`["POST","/",${LONGEST_BODY_BYTES},`);
  }));

Deno.test("`serveHttp()` can end every connection with its first answer", async () => {
  const server = serveHttp({
    hostname: "127.0.0.1",
    port: 0,
    longestBodyBytes: LONGEST_BODY_BYTES,
    keepAlive: false,
    errorBody: () => "{}",
    handle: async () => ({ status: 200, body: "[1]" }),
  });
  await withSocket(async ({ say, hearOut }) => {
    await say("GET / HTTP/1.1\r\n\r\n");
    match(await hearOut(), /connection: close\r\n\r\n\[1\]$/);
  }, server);
});

Deno.test("`serveHttp()` cuts a connection without a byte, and serves the others", async () => {
  const server = serveHttp({
    hostname: "127.0.0.1",
    port: 0,
    longestBodyBytes: LONGEST_BODY_BYTES,
    errorBody: () => "{}",
    handle: async ({ path }) => path === "/cut" ? CUT : { status: 200, body: "[1]" },
  });
  const other = await openSocket(server.port);
  await withSocket(async ({ say, hearOut }) => {
    await say("GET /cut HTTP/1.1\r\n\r\n");
    equal(await hearOut(), "");
    await other.say("GET / HTTP/1.1\r\n\r\n");
    await other.hear("[1]");
  }, server);
  other.close();
});

Deno.test("`close()` cuts connections that are open, and the port is free again", async () => {
  const server = serveEcho();
  const socket = await openSocket(server.port);
  await socket.say("GET / HTTP/1.1\r\n\r\n");
  await socket.hear('["GET","/",0,""]');
  await server.close();
  equal(await socket.hearOut(), "");
  socket.close();
  Deno.listen({ hostname: "127.0.0.1", port: server.port }).close();
});
