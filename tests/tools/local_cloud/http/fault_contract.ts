import { deepEqual, equal, match, ok } from "node:assert/strict";
import type { Endpoint } from "../../../../src/tools/local_cloud/http/endpoint.ts";
import { openRawSocket, type RawSocket } from "./raw_socket.ts";

export interface FaultySubject {
  readonly endpoint: Endpoint;
  /** Headers and body of a request whose runs the service counts. */
  readonly counting: { readonly head: readonly string[]; readonly body: string };
  /** How many of those requests ran since the last call. */
  takeRuns(): Promise<number>;
}

const DRIP_EVERY_MS = 2;
/** The length of the answer `{"result":1}`. */
const DRIPS = 12;

/** Every kind of fault, byte for byte, at the endpoint that `open` returns. */
export function faultContract(name: string, open: () => FaultySubject): void {
  const test = (what: string, run: (subject: FaultySubject) => Promise<void>) =>
    Deno.test(`${name} faults: ${what}`, async () => {
      const subject = open();
      await subject.takeRuns();
      subject.endpoint.counts.reset();
      try {
        await run(subject);
      } finally {
        subject.endpoint.faults.clear();
      }
    });

  test("`reset` resets the connection, and nothing ran", async (subject) => {
    subject.endpoint.faults.inject({ kind: "reset" });
    deepEqual(await exchange(subject), { text: "", end: "reset" });
    subject.endpoint.faults.clear();
    deepEqual([await subject.takeRuns(), subject.endpoint.counts.requests > 0], [0, true]);
  });

  test("`lose` cuts the connection, and it ran", async (subject) => {
    subject.endpoint.faults.inject({ kind: "lose" });
    deepEqual(await exchange(subject), { text: "", end: "closed" });
    subject.endpoint.faults.clear();
    equal(await subject.takeRuns(), 1);
  });

  for (const status of [429, 500] as const) {
    test(`\`status${status}\` answers so, and nothing ran`, async (subject) => {
      subject.endpoint.faults.inject({ kind: `status${status}` });
      match(
        (await exchange(subject)).text,
        new RegExp(`^HTTP/1\\.1 ${status} .*\\r\\n[^]*\\r\\n\\r\\n\\{`),
      );
      subject.endpoint.faults.clear();
      equal(await subject.takeRuns(), 0);
    });
  }

  test("`drip` runs, and the body comes byte by byte", async (subject) => {
    subject.endpoint.faults.inject({ kind: "drip", everyMs: DRIP_EVERY_MS });
    // The time since before the request is a lower bound, which no slow machine can break.
    const startedAtMs = performance.now();
    const socket = await send(subject);
    const head = await socket.readUntil("\r\n\r\n");
    match(head, /^HTTP\/1\.1 200 /);
    const body = await socket.readCharacters(DRIPS);
    const tookMs = performance.now() - startedAtMs;
    ok(tookMs > (DRIPS - 2) * DRIP_EVERY_MS, `${DRIPS} bytes took ${tookMs} ms`);
    equal(body[0], "{");
    if (head.includes(`content-length: ${DRIPS}\r\n`)) JSON.parse(body);
    socket.close();
    subject.endpoint.faults.clear();
    equal(await subject.takeRuns(), 1);
  });

  test("`hang` sends nothing until it is cleared, and nothing ran", async (subject) => {
    const { faults, counts } = subject.endpoint;
    faults.inject({ kind: "hang", times: 1 });
    let received: string | undefined;
    const hanging = exchange(subject).then(({ text }) => received = text);
    while (counts.requests === 0) await new Promise((resolve) => setTimeout(resolve, 0));
    // The next request is answered meanwhile, so an answer to the first would have come too.
    match((await exchange(subject)).text, /^HTTP\/1\.1 200 /);
    equal(received, undefined);
    faults.clear();
    equal(await hanging, "");
    equal(await subject.takeRuns(), 1);
  });

  test("`times` counts the requests that are hit", async (subject) => {
    subject.endpoint.faults.inject({ kind: "status500", times: 2 });
    subject.endpoint.faults.inject({ kind: "status429", times: 1 });
    subject.endpoint.faults.inject({ kind: "reset", times: 0 });
    const statuses = [];
    for (let at = 0; at < 4; at++) statuses.push((await exchange(subject)).text.slice(9, 12));
    deepEqual(statuses, ["500", "500", "429", "200"]);
    equal(await subject.takeRuns(), 1);
  });

  test("`match` chooses by the body, and other requests use up nothing", async (subject) => {
    const { faults } = subject.endpoint;
    faults.inject({ kind: "reset", match: (body) => body !== subject.counting.body });
    faults.inject({ kind: "status500", times: 1, match: (body) => body === subject.counting.body });
    match((await exchange(subject)).text, /^HTTP\/1\.1 500 /);
    match((await exchange(subject)).text, /^HTTP\/1\.1 200 /);
    faults.clear();
    equal(await subject.takeRuns(), 1);
  });
}

/** Everything that the counting request receives until its connection ends. */
async function exchange(subject: FaultySubject) {
  const socket = await send(subject);
  try {
    return await socket.readToClose();
  } finally {
    socket.close();
  }
}

async function send({ endpoint, counting }: FaultySubject): Promise<RawSocket> {
  const socket = await openRawSocket(endpoint.port);
  const { pathname } = new URL(endpoint.url);
  const length = new TextEncoder().encode(counting.body).length;
  const head = [
    `POST ${pathname} HTTP/1.1`,
    "host: localhost",
    ...counting.head,
    `content-length: ${length}`,
    "connection: close",
  ];
  await socket.send(`${head.join("\r\n")}\r\n\r\n${counting.body}`);
  return socket;
}
