import { equal, ok } from "node:assert/strict";
import { freePort } from "../../../../src/tools/local_cloud/free_port.ts";

const FIRST = 15_000;
const PORTS = 17_768;

/** A server on a port that `freePort()` has not given. */
function listen(): Deno.TcpListener {
  for (let port = FIRST;; port++) {
    try {
      return Deno.listen({ hostname: "127.0.0.1", port });
    } catch {
      // Another process has it.
    }
  }
}

Deno.test("`freePort()` passes over a port that a server listens on", () => {
  const server = listen();
  const { random } = Math;
  const drawn = [(server.addr.port - FIRST) / PORTS, 0.5];
  Math.random = () => drawn.shift() ?? random();
  try {
    ok(freePort() !== server.addr.port);
    ok(drawn.length < 2, "the port was drawn");
  } finally {
    Math.random = random;
    server.close();
  }
});

Deno.test("`freePort()` gives no port twice, and none that the system gives by itself", () => {
  const given = Array.from({ length: 1_000 }, freePort);
  equal(new Set(given).size, given.length);
  ok(Math.max(...given) < 32_768, `${Math.max(...given)}`);
});
