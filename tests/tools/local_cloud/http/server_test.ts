import { deepEqual, equal, match } from "node:assert/strict";
import {
  type HttpRequest,
  type HttpServer,
  startHttpServer,
} from "../../../../src/tools/local_cloud/http/server.ts";
import { openRawSocket, type RawSocket } from "./raw_socket.ts";

const MAX_BODY_BYTES = 1_000_000;
const HOST = "host: localhost\r\n";

/** Answers with method, path, length and beginning of the body. */
function startEcho(onRequest: (request: HttpRequest) => void = () => {}): Promise<HttpServer> {
  return startHttpServer({
    hostname: "127.0.0.1",
    port: 0,
    maxBodyBytes: MAX_BODY_BYTES,
    errorBody: (message) => JSON.stringify({ error: message }),
    handle: async (request) => {
      onRequest(request);
      const { method, path, body } = request;
      return { status: 200, body: JSON.stringify([method, path, body.length, body.slice(0, 40)]) };
    },
  });
}

async function withSocket(
  run: (socket: RawSocket) => Promise<void>,
  starting = startEcho(),
): Promise<void> {
  const server = await starting;
  const socket = await openRawSocket(server.port);
  try {
    await run(socket);
  } finally {
    socket.close();
    await server.close();
  }
}

Deno.test("http server: pipelined requests are answered in order", () =>
  withSocket(async ({ send, readUntil }) => {
    await send(
      `POST /a HTTP/1.1\r\n${HOST}content-length: 2\r\n\r\nhiGET /b HTTP/1.1\r\n${HOST}\r\n`,
    );
    match(await readUntil('["POST","/a",2,"hi"]'), /^HTTP\/1\.1 200 OK\r\n/);
    match(await readUntil('["GET","/b",0,""]'), /content-length: 17\r\n/);
  }));

Deno.test("http server: a slow first answer does not let a pipelined second one overtake", async () => {
  const first = Promise.withResolvers<void>();
  const server = startHttpServer({
    hostname: "127.0.0.1",
    port: 0,
    maxBodyBytes: MAX_BODY_BYTES,
    errorBody: () => "{}",
    async handle({ path }) {
      if (path === "/first") await first.promise;
      else first.resolve();
      return { status: 200, body: JSON.stringify(path) };
    },
  });
  await withSocket(async ({ send, readUntil }) => {
    await send(`GET /first HTTP/1.1\r\n${HOST}\r\nGET /second HTTP/1.1\r\n${HOST}\r\n`);
    match(await readUntil('"/second"'), /"\/first"/);
  }, server);
});

Deno.test("http server: a request may come byte by byte", () =>
  withSocket(async ({ send, readUntil }) => {
    const request = `POST / HTTP/1.1\r\n${HOST}Content-Length: 3\r\n\r\na\r\n`;
    for (const byte of request) await send(byte);
    await readUntil('["POST","/",3,"a\\r\\n"]');
  }));

Deno.test("http server: the length of a body is in bytes, in both directions", () =>
  withSocket(async ({ send, readUntil }) => {
    await send(`POST / HTTP/1.1\r\n${HOST}content-length: 6\r\n\r\n€é!`);
    match(await readUntil('["POST","/",3,"€é!"]'), /content-length: 23\r\n/);
  }));

Deno.test("http server: a body may be chunked, with extensions and trailers", () =>
  withSocket(async ({ send, readUntil }) => {
    await send(`POST / HTTP/1.1\r\n${HOST}transfer-encoding: chunked\r\n\r\n`);
    await send("3\r\nabc\r\nA;x=y\r\n0123456789\r\n0\r\ntrailer: t\r\n\r\n");
    await readUntil('["POST","/",13,"abc0123456789"]');
    await send(`GET /next HTTP/1.1\r\n${HOST}\r\n`);
    await readUntil('["GET","/next",0,""]');
  }));

Deno.test("http server: `expect: 100-continue` is answered before the body", () =>
  withSocket(async ({ send, readUntil }) => {
    await send(`POST / HTTP/1.1\r\n${HOST}expect: 100-continue\r\ncontent-length: 1\r\n\r\n`);
    equal(await readUntil("\r\n\r\n"), "HTTP/1.1 100 Continue\r\n\r\n");
    await send("x");
    await readUntil('["POST","/",1,"x"]');
  }));

for (
  const [what, head] of [
    ["`connection: close`", `GET / HTTP/1.1\r\n${HOST}Connection: close\r\n`],
    ["HTTP/1.0", "GET / HTTP/1.0\r\n"],
  ] as const
) {
  Deno.test(`http server: ${what} ends the connection after the answer`, () =>
    withSocket(async ({ send, readToEnd }) => {
      await send(`${head}\r\n`);
      match(await readToEnd(), /\["GET","\/",0,""\]$/);
    }));
}

const tooLong = MAX_BODY_BYTES + 1;
for (
  const [status, what, request] of [
    [400, "what is no request", "hello\r\n\r\n"],
    [400, "a method that does not exist", `FETCH / HTTP/1.1\r\n${HOST}\r\n`],
    [400, "a line that is no header", `GET / HTTP/1.1\r\n${HOST}nothing\r\n\r\n`],
    [400, "a negative length", `POST / HTTP/1.1\r\n${HOST}content-length: -1\r\n\r\n`],
    [400, "a length that is no number", `POST / HTTP/1.1\r\n${HOST}content-length: x\r\n\r\n`],
    [
      400,
      "a chunk without a size",
      `POST / HTTP/1.1\r\n${HOST}transfer-encoding: chunked\r\n\r\nxyz\r\n`,
    ],
    [431, "an endless head", `GET / HTTP/1.1\r\n${HOST}a: `.padEnd(70_000, "x")],
    [
      413,
      "a body that is too long",
      `POST / HTTP/1.1\r\n${HOST}content-length: ${tooLong}\r\n\r\n${"x".repeat(tooLong)}`,
    ],
    [
      413,
      "chunks that are too long",
      `POST / HTTP/1.1\r\n${HOST}transfer-encoding: chunked\r\n\r\n` +
      `${tooLong.toString(16)}\r\n${"x".repeat(tooLong)}\r\n0\r\n\r\n`,
    ],
    [
      413,
      "a body that is too long to be read",
      `POST / HTTP/1.1\r\n${HOST}content-length: 99999999999\r\n\r\n`,
    ],
  ] as const
) {
  Deno.test(`http server: ${what} is answered with ${status}, and the connection ends`, async () => {
    let handled = 0;
    await withSocket(async ({ send, readToEnd }) => {
      await send(request);
      match(await readToEnd(), new RegExp(`^HTTP/1\\.1 ${status} [^]*"error":`));
    }, startEcho(() => handled++));
    equal(handled, 0);
  });
}

Deno.test("http server: HTTP/1.1 without a host is answered with 400", () =>
  withSocket(async ({ send, readToEnd }) => {
    await send("GET / HTTP/1.1\r\n\r\n");
    match(await readToEnd(), /^HTTP\/1\.1 400 /);
  }));

Deno.test("http server: a body of just the limit is read", () =>
  withSocket(async ({ send, readUntil }) => {
    const head = `POST / HTTP/1.1\r\n${HOST}content-length: ${MAX_BODY_BYTES}`;
    await send(`${head}\r\n\r\n${"x".repeat(MAX_BODY_BYTES)}`);
    await readUntil(`["POST","/",${MAX_BODY_BYTES},`);
  }));

Deno.test("http server: a head of nearly the limit is read", () =>
  withSocket(async ({ send, readUntil }) => {
    await send(`GET / HTTP/1.1\r\n${HOST}a: ${"x".repeat(65_000)}\r\n\r\n`);
    await readUntil('["GET","/",0,""]');
  }));

Deno.test("http server: a client that goes away in the middle of a body reaches no handler", async () => {
  const paths: string[] = [];
  const server = await startEcho(({ path }) => paths.push(path));
  const socket = await openRawSocket(server.port);
  await socket.send(`POST /cut HTTP/1.1\r\n${HOST}content-length: 3\r\n\r\na`);
  socket.close();
  const other = await openRawSocket(server.port);
  await other.send(`GET /other HTTP/1.1\r\n${HOST}\r\n`);
  await other.readUntil('["GET","/other",0,""]');
  other.close();
  await server.close();
  deepEqual(paths, ["/other"]);
});

Deno.test("http server: without `keepAlive` every answer ends its connection", async () => {
  const server = startHttpServer({
    hostname: "127.0.0.1",
    port: 0,
    maxBodyBytes: MAX_BODY_BYTES,
    keepAlive: false,
    errorBody: () => "{}",
    handle: async () => ({ status: 200, body: "[1]" }),
  });
  await withSocket(async ({ send, readToEnd }) => {
    await send(`GET / HTTP/1.1\r\n${HOST}\r\n`);
    match(await readToEnd(), /connection: close\r\n\r\n\[1\]$/);
  }, server);
});

for (const [disconnect, end] of [["cut", "closed"], ["reset", "reset"]] as const) {
  Deno.test(`http server: \`${disconnect}\` sends no byte, and other connections go on`, async () => {
    const server = await startHttpServer({
      hostname: "127.0.0.1",
      port: 0,
      maxBodyBytes: MAX_BODY_BYTES,
      errorBody: () => "{}",
      handle: async ({ path }) => path === "/" ? { status: 200, body: "[1]" } : disconnect,
    });
    const other = await openRawSocket(server.port);
    await withSocket(async ({ send, readToClose }) => {
      await send(`GET /${disconnect} HTTP/1.1\r\n${HOST}\r\n`);
      deepEqual(await readToClose(), { text: "", end });
      await other.send(`GET / HTTP/1.1\r\n${HOST}\r\n`);
      await other.readUntil("[1]");
    }, Promise.resolve(server));
    other.close();
  });
}

for (
  const [what, handle] of [
    ["an error that `handle` throws", () => {
      throw new Error("broken");
    }],
    ["a promise that `handle` rejects", () => Promise.reject(new Error("broken"))],
    [
      "a header that cannot be sent",
      () => Promise.resolve({ status: 200, body: "[1]", headers: { broken: "\n" } }),
    ],
  ] as const
) {
  Deno.test(`http server: ${what} is answered with 500, and the connection ends`, async () => {
    const server = startHttpServer({
      hostname: "127.0.0.1",
      port: 0,
      maxBodyBytes: MAX_BODY_BYTES,
      errorBody: (message) => JSON.stringify({ error: message }),
      handle,
    });
    await withSocket(async ({ send, readToEnd }) => {
      await send(`GET / HTTP/1.1\r\n${HOST}\r\n`);
      match(await readToEnd(), /^HTTP\/1\.1 500 [^]*\{"error":".*broken.*"\}$/);
    }, server);
  });
}

Deno.test("http server: a client may go away while its answer drips", async () => {
  const server = await startHttpServer({
    hostname: "127.0.0.1",
    port: 0,
    maxBodyBytes: MAX_BODY_BYTES,
    errorBody: () => "{}",
    handle: async ({ path }) => ({
      status: 200,
      body: "0123456789",
      ...(path === "/drip" ? { dripEveryMs: 1 } : {}),
    }),
  });
  const socket = await openRawSocket(server.port);
  await socket.send(`GET /drip HTTP/1.1\r\n${HOST}\r\n`);
  await socket.readUntil("\r\n\r\n0");
  socket.close();
  const other = await openRawSocket(server.port);
  await other.send(`GET / HTTP/1.1\r\n${HOST}\r\n`);
  await other.readUntil("0123456789");
  other.close();
  await server.close();
});

Deno.test("http server: `close()` ends an answer that drips", async () => {
  const server = await startHttpServer({
    hostname: "127.0.0.1",
    port: 0,
    maxBodyBytes: MAX_BODY_BYTES,
    errorBody: () => "{}",
    handle: async () => ({ status: 200, body: "0123456789", dripEveryMs: 3_600_000 }),
  });
  const socket = await openRawSocket(server.port);
  await socket.send(`GET / HTTP/1.1\r\n${HOST}\r\n`);
  match(await socket.readUntil("\r\n\r\n"), /^HTTP\/1\.1 200 /);
  await server.close();
  equal(await socket.readToEnd(), "");
  socket.close();
});

Deno.test("http server: `close()` ends open connections, and the port is free again", async () => {
  const server = await startEcho();
  const socket = await openRawSocket(server.port);
  await socket.send(`GET / HTTP/1.1\r\n${HOST}\r\n`);
  await socket.readUntil('["GET","/",0,""]');
  await server.close();
  equal(await socket.readToEnd(), "");
  socket.close();
  Deno.listen({ hostname: "127.0.0.1", port: server.port }).close();
});
