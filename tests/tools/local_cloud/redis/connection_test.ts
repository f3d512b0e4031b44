import { deepEqual, equal, rejects } from "node:assert/strict";
import { Buffer } from "node:buffer";
import {
  createRedisConnection,
  type RedisConnection,
  type RedisReply,
  RedisUnavailableError,
} from "../../../../src/tools/local_cloud/redis/connection.ts";

/** No test waits for it: what fails under this limit fails for another reason. */
const NEVER_MS = 3_600_000;

const bytesOf = (text: string) => new TextEncoder().encode(text);

const STREAM = new Uint8Array([
  ...bytesOf("+OK\r\n-ERR no\r\n:-9223372036854775808\r\n$-1\r\n*-1\r\n*0\r\n$0\r\n\r\n"),
  ...[...bytesOf("$5\r\n"), 0, 13, 10, 255, 13, ...bytesOf("\r\n")],
  ...bytesOf("*3\r\n*2\r\n:1\r\n*1\r\n+in\r\n$2\r\n\r\n\r\n-ERR inner\r\n"),
]);
const REPLIES = [
  "OK",
  new Error("ERR no"),
  "-9223372036854775808",
  null,
  null,
  [],
  Buffer.of(),
  Buffer.of(0, 13, 10, 255, 13),
  [["1", ["in"]], Buffer.of(13, 10), new Error("ERR inner")],
];

/** The class of an error is the client's, so only its text is compared. */
function plain(reply: RedisReply | Error): unknown {
  if (reply instanceof Error) return { error: reply.message };
  return Array.isArray(reply) ? reply.map(plain) : reply;
}

interface FakeRedis {
  readonly connection: RedisConnection;
  /** How many connections were opened. */
  opened(): number;
}

/** Writes the pieces, one after another, to everyone who sends a command. */
async function withFakeRedis(
  pieces: readonly Uint8Array[],
  run: (redis: FakeRedis) => Promise<void>,
): Promise<void> {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  let opened = 0;
  async function talk(conn: Deno.TcpConn): Promise<void> {
    conn.setNoDelay(true);
    const chunk = new Uint8Array(65_536);
    try {
      await conn.read(chunk);
      for (const piece of pieces) {
        await conn.write(piece);
        await new Promise((resolve) => setTimeout(resolve, 0));
      }
      while (await conn.read(chunk) !== null);
    } catch {
      // The client has closed the connection.
    }
    conn.close();
  }
  const talks: Promise<void>[] = [];
  const accepting = (async () => {
    for await (const conn of listener) {
      opened++;
      talks.push(talk(conn));
    }
  })();
  const connection = createRedisConnection({
    hostname: "127.0.0.1",
    port: listener.addr.port,
    connectTimeoutMs: NEVER_MS,
    replyTimeoutMs: NEVER_MS,
  });
  try {
    await run({ connection, opened: () => opened });
  } finally {
    connection.close();
    listener.close();
    await accepting;
    await Promise.all(talks);
  }
}

for (
  const [what, pieces] of [
    ["in one piece", [STREAM]],
    ["byte by byte", Array.from(STREAM, (byte) => Uint8Array.of(byte))],
  ] as const
) {
  Deno.test(`redis connection: replies of every type, ${what}`, () =>
    withFakeRedis(pieces, async ({ connection }) => {
      const replies = await connection.send(REPLIES.map(() => ["PING"]));
      deepEqual(replies.map(plain), REPLIES.map(plain));
    }));
}

Deno.test("redis connection: what is no reply ends the connection, and the next command opens one", () =>
  withFakeRedis([bytesOf("HTTP/1.1 400 Bad Request\r\n\r\n")], async ({ connection, opened }) => {
    for (const times of [1, 2]) {
      await rejects(connection.send([["PING"]]), RedisUnavailableError);
      equal(opened(), times);
    }
  }));

Deno.test("redis connection: a refused connection fails without a time limit", async () => {
  const connection = createRedisConnection({
    hostname: "127.0.0.1",
    port: 1,
    connectTimeoutMs: NEVER_MS,
  });
  await rejects(connection.send([["PING"]]), {
    name: "RedisUnavailableError",
    message: "Redis takes no connection on 127.0.0.1:1",
  });
  connection.close();
});

Deno.test("redis connection: no command is sent after `close()`", () =>
  withFakeRedis([bytesOf("+PONG\r\n")], async ({ connection, opened }) => {
    deepEqual(await connection.send([["PING"]]), ["PONG"]);
    connection.close();
    await rejects(connection.send([["PING"]]), RedisUnavailableError);
    equal(opened(), 1);
  }));

Deno.test("redis connection: `close()` fails the commands that wait for a reply", () =>
  withFakeRedis([], async ({ connection, opened }) => {
    const waiting = rejects(connection.send([["PING"]]), RedisUnavailableError);
    while (opened() === 0) await new Promise((resolve) => setTimeout(resolve, 0));
    connection.close();
    await waiting;
  }));
