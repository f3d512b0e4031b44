import assert from "node:assert/strict";
import {
  awaitRush,
  RUSH_ENVIRONMENT,
  type RushRun,
  spawnRush,
  startTestServer,
} from "./run_rush.ts";

/** Long enough for a crowd to gather on a busy machine. */
const LOBBY_SECONDS = "15";

/** Endings after which seats may stay unsold. */
const LEFT_EARLY = ["gave up", "lost the place", "walked away", "closed the tab"];

Deno.test("a crowd on the rush's own server breaks no rule", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const [json, svg] = [`${folder}/rush.json`, `${folder}/rush.svg`];
    const { code, text } = await awaitRush(spawnRush([
      ...["--fans", "60", "--seats", "20", "--capacity", "10", "--no-shows", "10"],
      ...["--think-seconds", "0.1", "--seed", "334", "--json", json, "--svg", svg],
    ]));
    assert.equal(code, 0, text);
    assert.match(text, /No rule of the contract was broken/);
    const { figures, violations, samples } = JSON.parse(await Deno.readTextFile(json));
    assert.deepEqual([violations, figures.joined], [[], 60]);
    const leftEarly = LEFT_EARLY.some((ending) => ending in figures.endings);
    assert.ok(figures.sold === 20 || (leftEarly && figures.sold > 0), text);
    assert.equal(figures.moneyIn - figures.moneyOut, figures.balancesLeft);
    assert.ok(figures.mostAdmitted > 0 && figures.mostAdmitted <= 10);
    assert.ok(samples.length > 3);
    const chart = await Deno.readTextFile(svg);
    assert.match(chart, /^<svg [^>]*xmlns="http:\/\/www.w3.org\/2000\/svg"/);
    for (const label of ["waiting", "admitted", "seats sold", "opening"]) {
      assert.ok(chart.includes(label));
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

/** Changes the body of an answer. */
// deno-lint-ignore no-explicit-any
type Falsify = (path: string, body: any) => void;

/** A proxy that falsifies the answers of a server. */
function startFalsifyingProxy(target: string, falsify: Falsify) {
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, async (request) => {
    const { pathname, search } = new URL(request.url);
    const answer = await fetch(target + pathname + search, {
      method: request.method,
      headers: request.headers,
      body: request.method === "GET" ? null : await request.text(),
    });
    const text = await answer.text();
    if (!answer.ok) {
      const { status, headers } = answer;
      const kept = [...headers].filter(([name]) => !/^content-(encoding|length)$/.test(name));
      return new Response(text, { status, headers: kept });
    }
    const body = JSON.parse(text);
    falsify(pathname, body);
    return Response.json(body, { status: answer.status });
  });
  return { base: `http://127.0.0.1:${server.addr.port}`, stop: () => server.shutdown() };
}

/** Sends a crowd of eight through the proxy. */
async function runFalsified(falsify: Falsify, args: readonly string[]): Promise<RushRun> {
  const server = await startTestServer();
  const proxy = startFalsifyingProxy(server.base, falsify);
  try {
    const all = ["--base", proxy.base, "--fans", "8", "--think-seconds", "0.01", ...args];
    return await awaitRush(spawnRush(all, RUSH_ENVIRONMENT));
  } finally {
    await proxy.stop();
    await server.stop();
  }
}

Deno.test("a rush fails and names the rules that a server breaks", async () => {
  const { code, text } = await runFalsified((path, body) => {
    if (path === "/v1/admin/queue") {
      body.admitted = body.capacity + 1;
      body.admittedLastMinute = 1_001;
    }
    if (path.startsWith("/v1/admin/fans/")) body.balance += 1;
  }, ["--seats", "6", "--per-minute", "1000"]);
  assert.equal(code, 1, text);
  assert.match(text, /L1: 6 were admitted at once, and the capacity is 5/);
  assert.match(text, /L6: an operator's answer shows 1001 admissions in a minute, and the rate is/);
  assert.match(text, /B3: rush-\w+-0 has a balance of/);
  assert.match(text, /BROKEN, 10 times/, "L1, L6 and eight wrong balances");
});

Deno.test("a crowd gathers and is drawn in the order of the published seed", async () => {
  const { code, text } = await awaitRush(spawnRush([
    ...["--fans", "40", "--seats", "16", "--capacity", "10", "--lobby", LOBBY_SECONDS],
    ...["--think-seconds", "0.1", "--seed", "3"],
  ]));
  assert.equal(code, 0, text);
  assert.match(text, /left and gathered anew/);
  assert.match(text, /│ draw +│ [^│]+│ [1-9]\d* fans in the published list +│ kept/);
});

Deno.test("a rush names a false draw and a SOLD_OUT that came too early", async () => {
  let isFalsified = false;
  const { code, text } = await runFalsified((path, body) => {
    if (path.endsWith("/draw") && body.items.length > 1) {
      const [first, second] = body.items;
      [first.pseudonym, second.pseudonym] = [second.pseudonym, first.pseudonym];
    } else if (path.startsWith("/v1/rooms/") && body.draw.seed !== null) body.draw.seed += "0";
    if (path === "/v1/queue/tokens/me" && body.state === "ADMITTED" && !isFalsified) {
      isFalsified = true;
      const soldOut = { state: "WAITING", reason: "SOLD_OUT", seatsMayReturn: false };
      const wait = { position: 1, ahead: 0, positionIsExact: true, estimatedWaitSeconds: 0 };
      Object.assign(body, soldOut, wait, { pollAfterSeconds: 1 });
    }
  }, ["--seats", "30", "--lobby", LOBBY_SECONDS]);
  assert.equal(code, 1, text);
  assert.match(text, /draw: the seed's SHA-256 is \w+, and the commitment is \w+/);
  assert.match(text, /draw: \w+ has ticket \d in the list, and \d in an answer/);
  assert.match(
    text,
    /sold out: .* SOLD_OUT without seatsMayReturn .* to pay the last seat.*: never/,
  );
});
