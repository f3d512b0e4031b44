import { deepEqual, equal, match } from "node:assert/strict";
import type { Endpoint } from "../../../../src/tools/local_cloud/http/endpoint.ts";
import { openSocket } from "./raw_socket.ts";

export interface Service {
  readonly endpoint: Endpoint;
  /** Headers and body of a request that counts itself at the service. */
  readonly counting: { readonly head: readonly string[]; readonly body: string };
  /** How many of those ran since this was asked last. */
  ran(): Promise<number>;
}

const DRIP_EVERY_MS = 2;
/** As long as the answer `{"result":1}` is. */
const DRIPS = 12;

/** Every kind of fault, byte for byte, at whatever service `opened` gives. */
export function faultContract(name: string, opened: () => Service): void {
  const test = (what: string, run: (service: Service) => Promise<void>) =>
    Deno.test(`${name} faults: ${what}`, async () => {
      const service = opened();
      await service.ran();
      service.endpoint.counts.reset();
      try {
        await run(service);
      } finally {
        service.endpoint.faults.clear();
      }
    });

  test("`reset` cuts the connection, and nothing ran", async (service) => {
    service.endpoint.faults.inject({ kind: "reset" });
    equal(await hearAll(service), "");
    service.endpoint.faults.clear();
    deepEqual([await service.ran(), service.endpoint.counts.requests > 0], [0, true]);
  });

  test("`lose` cuts the connection, and it ran", async (service) => {
    service.endpoint.faults.inject({ kind: "lose" });
    equal(await hearAll(service), "");
    service.endpoint.faults.clear();
    equal(await service.ran(), 1);
  });

  for (const status of [429, 500] as const) {
    test(`\`status${status}\` answers so, and nothing ran`, async (service) => {
      service.endpoint.faults.inject({ kind: `status${status}` });
      match(
        await hearAll(service),
        new RegExp(`^HTTP/1\\.1 ${status} .*\\r\\n[^]*\\r\\n\\r\\n\\{`),
      );
      service.endpoint.faults.clear();
      equal(await service.ran(), 0);
    });
  }

  test("`drip` runs, and the body comes byte by byte", async (service) => {
    service.endpoint.faults.inject({ kind: "drip", everyMs: DRIP_EVERY_MS });
    const socket = await ask(service);
    const head = await socket.hear("\r\n\r\n");
    match(head, /^HTTP\/1\.1 200 /);
    const startedAt = performance.now();
    const begun = await socket.hearCharacters(DRIPS);
    const tookMs = performance.now() - startedAt;
    equal(tookMs > (DRIPS - 2) * DRIP_EVERY_MS, true, `${DRIPS} bytes took ${tookMs} ms`);
    equal(begun[0], "{");
    if (head.includes(`content-length: ${DRIPS}\r\n`)) JSON.parse(begun);
    socket.close();
    service.endpoint.faults.clear();
    equal(await service.ran(), 1);
  });

  test("`hang` says nothing until it is cleared, and nothing ran", async (service) => {
    const { faults, counts } = service.endpoint;
    faults.inject({ kind: "hang", times: 1 });
    let heard: string | undefined;
    const hanging = hearAll(service).then((text) => heard = text);
    while (counts.requests === 0) await turn();
    // The next request is answered meanwhile, so an answer to the first would have come too.
    match(await hearAll(service), /^HTTP\/1\.1 200 /);
    equal(heard, undefined);
    faults.clear();
    equal(await hanging, "");
    equal(await service.ran(), 1);
  });

  test("`times` counts the requests that are hit", async (service) => {
    service.endpoint.faults.inject({ kind: "status500", times: 2 });
    service.endpoint.faults.inject({ kind: "status429", times: 1 });
    service.endpoint.faults.inject({ kind: "reset", times: 0 });
    const statuses = [];
    for (let at = 0; at < 4; at++) statuses.push((await hearAll(service)).slice(9, 12));
    deepEqual(statuses, ["500", "500", "429", "200"]);
    equal(await service.ran(), 1);
  });

  test("`match` chooses by the body, and other requests use up nothing", async (service) => {
    const { faults } = service.endpoint;
    faults.inject({ kind: "reset", match: (body) => body !== service.counting.body });
    faults.inject({ kind: "status500", times: 1, match: (body) => body === service.counting.body });
    match(await hearAll(service), /^HTTP\/1\.1 500 /);
    match(await hearAll(service), /^HTTP\/1\.1 200 /);
    faults.clear();
    equal(await service.ran(), 1);
  });
}

/** Everything that comes until the connection ends. */
async function hearAll(service: Service): Promise<string> {
  const socket = await ask(service);
  try {
    return await socket.hearOut();
  } finally {
    socket.close();
  }
}

async function ask({ endpoint, counting }: Service) {
  const socket = await openSocket(endpoint.port);
  const { pathname } = new URL(endpoint.url);
  const length = new TextEncoder().encode(counting.body).length;
  const head = [`POST ${pathname} HTTP/1.1`, ...counting.head, `content-length: ${length}`];
  await socket.say(`${head.join("\r\n")}\r\nconnection: close\r\n\r\n${counting.body}`);
  return socket;
}

function turn(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}
