import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { type OwnServer, startOwnServer } from "../../src/rush/own_server.ts";

const MAIN = fileURLToPath(new URL("../../src/rush/main.ts", import.meta.url));
const ADMIN_TOKEN = "operator-of-the-rush-test";
const USER_JWT_SECRET = "a-secret-of-the-rush-test-long-enough";

async function run(args: string[], env: Record<string, string> = {}) {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", MAIN, ...args],
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

/** Stands before a server and tells of one fan more than there is room for, and a coin too many. */
function lyingServer(truth: OwnServer) {
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, async (request) => {
    const { pathname, search } = new URL(request.url);
    const answer = await fetch(truth.base + pathname + search, {
      method: request.method,
      headers: request.headers,
      body: request.method === "GET" ? null : await request.text(),
    });
    const text = await answer.text();
    if (answer.status !== 200) return new Response(text, answer);
    const body = JSON.parse(text);
    if (pathname === "/v1/admin/queue") body.admitted = body.capacity + 1;
    if (pathname.startsWith("/v1/admin/fans/") || pathname === "/v1/balance") body.balance += 1;
    return Response.json(body);
  });
  return { base: `http://127.0.0.1:${server.addr.port}`, stop: () => server.shutdown() };
}

Deno.test("a server that breaks a law makes the rush fail, and the law is named", async () => {
  const truth = await startOwnServer({
    fans: 8,
    capacity: 5,
    adminToken: ADMIN_TOKEN,
    userJwtSecret: USER_JWT_SECRET,
    environment: Deno.env.toObject(),
  });
  const liar = lyingServer(truth);
  try {
    const { code, text } = await run([
      ...["--base", liar.base, "--fans", "8", "--seats", "6", "--think-seconds", "0.01"],
    ], { ADMIN_TOKEN: `rush:${ADMIN_TOKEN}`, USER_JWT_SECRET });
    assert.equal(code, 1, text);
    assert.match(text, /L1: 6 were admitted at once, with room for 5/);
    assert.match(text, /B3: rush-\w+-0 has a balance of/);
    assert.match(text, /BROKEN, 9 times/, "one of L1 and eight wrong balances");
  } finally {
    await liar.stop();
    await truth.stop();
  }
});

Deno.test("bad options and a missing ADMIN_TOKEN stop the rush in plain words", async () => {
  const bad = await run(["--fans", "none"]);
  assert.equal(bad.code, 2);
  assert.match(bad.text, /--fans must be a whole number/);
  const noToken = await run(["--base", "http://127.0.0.1:1"], { ADMIN_TOKEN: "" });
  assert.equal(noToken.code, 2);
  assert.match(noToken.text, /--base needs ADMIN_TOKEN/);
});
