import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { type OwnServer, startOwnServer } from "../../../src/tools/load_test/own_server.ts";
import { runArguments } from "../../../src/tools/run_arguments.ts";

const MAIN = fileURLToPath(new URL("../../../src/tools/load_test/main.ts", import.meta.url));
const ADMIN_TOKEN = "operator-of-the-rush-test";
const USER_JWT_SECRET = "a-secret-of-the-rush-test-long-enough";

async function run(args: string[], env: Record<string, string> = {}) {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: runArguments(MAIN, ...args),
    env: { ...env, NO_COLOR: "1" },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).output();
  const decoder = new TextDecoder();
  return { code, text: decoder.decode(stdout) + decoder.decode(stderr) };
}

Deno.test("a crowd goes through a sale on the rush's own server, and no law is broken", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const [json, svg] = [`${folder}/rush.json`, `${folder}/rush.svg`];
    const { code, text } = await run([
      ...["--fans", "60", "--seats", "20", "--capacity", "10", "--no-shows", "10"],
      ...["--think-seconds", "0.1", "--seed", "334", "--json", json, "--svg", svg],
    ]);
    assert.equal(code, 0, text);
    assert.match(text, /No law of the contract was broken/);
    const { findings, breaches, samples } = JSON.parse(await Deno.readTextFile(json));
    assert.deepEqual(breaches, []);
    assert.deepEqual([findings.joined, findings.sold], [60, 20]);
    assert.equal(findings.moneyIn - findings.moneyOut, findings.balancesLeft);
    assert.ok(findings.mostAdmitted > 0 && findings.mostAdmitted <= 10);
    assert.ok(samples.length > 3);
    const picture = await Deno.readTextFile(svg);
    assert.match(picture, /^<svg [^>]*xmlns="http:\/\/www.w3.org\/2000\/svg"/);
    for (const label of ["waiting", "admitted", "seats sold"]) assert.ok(picture.includes(label));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

// deno-lint-ignore no-explicit-any
type Lie = (path: string, body: any) => void;

/** Stands before a server and tells its answers otherwise. */
function lyingServer(truth: OwnServer, lie: Lie) {
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, async (request) => {
    const { pathname, search } = new URL(request.url);
    const answer = await fetch(truth.base + pathname + search, {
      method: request.method,
      headers: request.headers,
      body: request.method === "GET" ? null : await request.text(),
    });
    const text = await answer.text();
    if (!answer.ok) return new Response(text, answer);
    const body = JSON.parse(text);
    lie(pathname, body);
    return Response.json(body, { status: answer.status });
  });
  return { base: `http://127.0.0.1:${server.addr.port}`, stop: () => server.shutdown() };
}

/** Sends a crowd through the server that tells lies, and gives what came of it. */
async function runAgainst(lie: Lie, args: string[]) {
  const truth = await startOwnServer({
    fans: 8,
    capacity: 5,
    adminToken: ADMIN_TOKEN,
    userJwtSecret: USER_JWT_SECRET,
    environment: Deno.env.toObject(),
  });
  const liar = lyingServer(truth, lie);
  try {
    const all = ["--base", liar.base, "--fans", "8", "--think-seconds", "0.01", ...args];
    return await run(all, { ADMIN_TOKEN: `rush:${ADMIN_TOKEN}`, USER_JWT_SECRET });
  } finally {
    await liar.stop();
    await truth.stop();
  }
}

Deno.test("a server that breaks a law makes the rush fail, and the law is named", async () => {
  const { code, text } = await runAgainst((path, body) => {
    if (path === "/v1/admin/queue") {
      body.admitted = body.capacity + 1;
      body.admittedLastMinute = 1_001;
    }
    if (path.startsWith("/v1/admin/fans/") || path === "/v1/balance") body.balance += 1;
  }, ["--seats", "6", "--per-minute", "1000"]);
  assert.equal(code, 1, text);
  assert.match(text, /L1: 6 were admitted at once, with room for 5/);
  assert.match(text, /rate: the operator was told of 1001 admissions in a minute that may have/);
  assert.match(text, /B3: rush-\w+-0 has a balance of/);
  assert.match(text, /BROKEN, 10 times/, "one of L1, one of the rate and eight wrong balances");
});

Deno.test("a crowd gathers, is drawn, and reckons the order from the published seed", async () => {
  const { code, text } = await run([
    ...["--fans", "40", "--seats", "16", "--capacity", "10", "--lobby", "4"],
    ...["--think-seconds", "0.1", "--seed", "3"],
  ]);
  assert.equal(code, 0, text);
  assert.match(text, /drawn at the opening +│ [23]\d/);
  assert.match(text, /left and gathered anew/);
  assert.match(text, /faults of the draw +│ 0/);
});

Deno.test("a draw that is not the one committed to, and seats not sold yet, are named", async () => {
  let hasLied = false;
  const { code, text } = await runAgainst((path, body) => {
    if (path.endsWith("/draw") && body.items.length > 1) {
      const [first, second] = body.items;
      [first.pseudonym, second.pseudonym] = [second.pseudonym, first.pseudonym];
    } else if (path.startsWith("/v1/rooms/") && body.draw.seed !== null) body.draw.seed += "0";
    if (path === "/v1/queue/tokens/me" && body.state === "ADMITTED" && !hasLied) {
      hasLied = true;
      const soldOut = { state: "WAITING", reason: "SOLD_OUT", seatsMayReturn: false };
      const wait = { position: 1, ahead: 0, positionIsExact: true, estimatedWaitSeconds: 0 };
      Object.assign(body, soldOut, wait, { pollAfterSeconds: 1 });
    }
  }, ["--seats", "30", "--lobby", "3"]);
  assert.equal(code, 1, text);
  assert.match(text, /draw: the seed's SHA-256 is \w+, and \w+ was committed to/);
  assert.match(text, /draw: \w+ has ticket \d, and was told \d/);
  assert.match(text, /sold out: told for good \d times from .* first asked to be paid: never/);
});

Deno.test("bad options and a missing ADMIN_TOKEN stop the rush in plain words", async () => {
  const bad = await run(["--fans", "none"]);
  assert.equal(bad.code, 2);
  assert.match(bad.text, /--fans must be a whole number/);
  const noToken = await run(["--base", "http://127.0.0.1:1"], { ADMIN_TOKEN: "" });
  assert.equal(noToken.code, 2);
  assert.match(noToken.text, /--base needs ADMIN_TOKEN/);
});
