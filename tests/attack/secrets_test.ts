import { deepEqual, equal, ok } from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { ConfigError, parseConfig } from "../../src/config.ts";
import { freePort } from "../../src/tools/local_cloud/free_port.ts";
import { runArguments } from "../../src/tools/run_arguments.ts";
import worker from "../../src/worker.ts";
import { waitUntil } from "../support/wait.ts";
import {
  type Ask,
  driveAll,
  FAN,
  QUEUE_TOKEN,
  remoteSettings,
  SECRET_SETTINGS,
  SECRETS,
  secretsIn,
  type Shown,
  shown,
  USER_TOKEN,
} from "./canaries.ts";

const MAIN = fileURLToPath(new URL("../../src/main.ts", import.meta.url));

/** The program as a process of its own, and all that it prints. */
async function startProgram(settings: Readonly<Record<string, string>>) {
  const port = freePort();
  const child = new Deno.Command(Deno.execPath(), {
    args: runArguments(MAIN),
    env: { ...SECRET_SETTINGS, ...settings, PORT: String(port), NO_COLOR: "1" },
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const output = Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
  ]);
  const base = `http://127.0.0.1:${port}`;
  await waitUntil("the start", () => fetch(`${base}/healthz`).then(cancelled, () => false));
  const ask: Ask = async (sent) => {
    const { method, path, headers, body } = sent;
    const init = { method, headers, body, redirect: "manual" } as const;
    return await shown(sent, await fetch(base + path, init));
  };
  return {
    ask,
    async stop() {
      child.kill("SIGTERM");
      await child.status;
      return (await output).join("\n");
    },
  };
}

async function cancelled(response: Response): Promise<boolean> {
  await response.body?.cancel();
  return true;
}

/**
 * Stores that fail in every way that a store can, one after the other. Most answers of Redis are
 * about one key, because after others it is not asked for some seconds.
 */
function startFailingStores(): { port: number; close(): Promise<void> } {
  let asked = 0;
  const json = (body: unknown, status: number) => Response.json(body, { status });
  const about = `WRONGTYPE Operation against a key holding the wrong kind of value`;
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, async (request) => {
    const text = await request.text();
    const turn = asked++;
    if (new URL(request.url).pathname !== "/sql" && turn % 10 > 0) {
      const isPipeline = text.startsWith("[[");
      return isPipeline
        ? json([{ error: about }, { error: about }], 200)
        : json({ error: about }, 400);
    }
    switch (turn % 5) {
      case 0:
        return new Response("upstream is away", { status: 502 });
      case 1:
        return json({ error: "WRONGPASS invalid or missing auth token" }, 401);
      case 2:
        return new Response("{", { headers: { "Content-Type": "application/json" } });
      case 3: {
        const detail = `Key (fan)=(${FAN}) already exists, in ${text.slice(0, 500)}`;
        return json({ message: "a faulty statement", code: "23505", detail }, 400);
      }
      default:
        return json({ result: "?", rows: [], fields: [] }, 200);
    }
  });
  return { port: server.addr.port, close: () => server.shutdown() };
}

/** No answer has a secret, nor a user token; queue tokens are in the answers to their own fans. */
function assertNoSecretIn(answers: readonly Shown[]): void {
  for (const { sent, text } of answers) {
    const label = `${sent.method} ${sent.path}: ${text.slice(0, 500)}`;
    deepEqual(secretsIn(text), [], label);
    const hasUserToken = text.includes(USER_TOKEN);
    // The cookie of the line without a script is for who sent the token.
    ok(!hasUserToken || sent.path.startsWith("/line"), label);
  }
}

/** No line of the log has a secret, a token, or the name of a fan. */
function assertNothingIn(log: string, tokens: readonly string[]): void {
  const signatures = tokens.map((token) => [token.slice(-12), token.split(".").at(-1)!]);
  deepEqual(secretsIn(log, { ...Object.fromEntries(signatures), FAN }), [], log.slice(0, 2_000));
}

Deno.test("with good stores, no answer, page or log line has a secret or a token", async () => {
  const program = await startProgram({ ALLOW_SELF_CHARGE: "true" });
  const headers = { Authorization: `Bearer ${USER_TOKEN}`, "Content-Type": "application/json" };
  const post = (path: string, body: unknown, more: Record<string, string> = {}) =>
    program.ask({
      method: "POST",
      path,
      headers: { ...headers, ...more },
      body: JSON.stringify(body),
    });
  const joined = await post("/v1/queue/tokens", {});
  equal(joined.status, 201, joined.body);
  const place = JSON.parse(joined.body).token;
  const own = { "Queue-Token": place, "Idempotency-Key": "k" };
  const bought = [
    await post("/v1/reservations", { concertId: 1, scheduleId: 1, seatIds: [1] }, own),
    await post("/v1/balance/charges", { amount: 1_000_000 }, own),
    await post("/v1/queue/admissions", {}, own),
  ];
  const reservationIds = [JSON.parse(bought[0]!.body).reservations[0].reservationId];
  bought.push(await post("/v1/payments", { reservationIds }, own));
  for (const { status, body } of bought) equal(status, 201, body);
  const answers = await driveAll(program.ask, place);
  const webhook = answers.find(({ body }) => body.includes('"secret":"whsec_'));
  // Successes are looked at, too, and not refusals alone.
  ok(answers.filter(({ status }) => status < 300).length > 60);
  assertNoSecretIn([...bought, ...answers]);
  if (webhook) {
    const { secret } = JSON.parse(webhook.body);
    const seen = answers.filter(({ body }) => body.includes(secret));
    ok(seen.every(({ sent }) => sent.path === "/v1/admin/webhooks" && sent.method === "POST"));
  }
  const log = await program.stop();
  assertNothingIn(log, [USER_TOKEN, place]);
});

Deno.test("with stores that fail, no answer, page or log line of the program has one", async () => {
  const stores = startFailingStores();
  const program = await startProgram(remoteSettings(stores.port));
  const answers = await driveAll(program.ask, QUEUE_TOKEN);
  ok(answers.some(({ status }) => status === 503));
  assertNoSecretIn(answers);
  const log = await program.stop();
  ok(log.includes("dependency_failed"), "it logs what fails");
  assertNothingIn(log, [USER_TOKEN, QUEUE_TOKEN]);
  await stores.close();
});

/** What the act prints. */
async function printed(act: () => Promise<void>): Promise<string> {
  const lines: string[] = [];
  const own = { error: console.error, log: console.log, warn: console.warn };
  const take = (...parts: unknown[]) => void lines.push(parts.map(String).join(" "));
  Object.assign(console, { error: take, log: take, warn: take });
  try {
    await act();
  } finally {
    Object.assign(console, own);
  }
  return lines.join("\n");
}

Deno.test("with stores that fail, no answer, page or log line of the Worker has one", async () => {
  const stores = startFailingStores();
  const env = { ...SECRET_SETTINGS, ...remoteSettings(stores.port) };
  const tasks: Promise<unknown>[] = [];
  const context = {
    waitUntil: (task: Promise<unknown>) => void tasks.push(task),
    passThroughOnException() {},
    props: {},
  };
  const ask: Ask = async (sent) => {
    const { method, path, headers, body } = sent;
    const request = new Request(`http://127.0.0.1${path}`, { method, headers, body });
    return await shown(sent, await worker.fetch(request, env, context));
  };
  const document = await Deno.readTextFile(new URL("../../docs/openapi.json", import.meta.url));
  let answers: Shown[] = [];
  const log = await printed(async () => {
    const withDocument: Ask = async (sent) =>
      sent.path === "/openapi.json"
        ? { sent, status: 200, body: document, text: document }
        : await ask(sent);
    answers = await driveAll(withDocument, QUEUE_TOKEN);
    await worker.scheduled({}, env).catch((error: Error) => console.error(error.stack));
    await Promise.all(tasks);
  });
  ok(answers.some(({ status }) => status === 503));
  assertNoSecretIn(answers);
  ok(log.includes("dependency_failed"), "it logs what fails");
  assertNothingIn(log, [USER_TOKEN, QUEUE_TOKEN]);
  await stores.close();
});

Deno.test("settings that are refused are named without their values", () => {
  const good = { ...SECRET_SETTINGS, ...remoteSettings(1) };
  const short = "canary-x";
  const faulty: Record<string, string>[] = Object.keys(SECRETS).map((name) => ({ [name]: short }));
  faulty.push(
    { DATABASE_URL: `mysql://u:${short}@h/d` },
    { DATABASE_URL: short },
    { UPSTASH_REDIS_REST_URL: `ftp://u:${short}@h` },
    { USER_JWKS_URL: `http://u:${short}@example.com` },
    { ADMIN_TOKEN: `a:${short},:${short}` },
    { SIGNIG_KEY: short },
  );
  let refused = 0;
  for (const change of faulty) {
    try {
      parseConfig({ ...good, ...change }, null);
    } catch (error) {
      ok(error instanceof ConfigError);
      ok(!error.message.includes(short), error.message);
      refused++;
    }
  }
  // A token of Redis may be of any length: Upstash makes it.
  equal(refused, faulty.length - 1);
});

Deno.test("the search finds a secret however it is written", () => {
  for (
    const text of [
      SECRETS.ADMIN_TOKEN,
      `Basic ${btoa(SECRETS.ADMIN_TOKEN)}`,
      new TextEncoder().encode(SECRETS.ADMIN_TOKEN).toHex(),
    ]
  ) {
    deepEqual(secretsIn(`… ${text} …`), ["ADMIN_TOKEN"], text);
  }
  const key = Uint8Array.fromHex(SECRETS.SIGNING_KEY);
  deepEqual(secretsIn(`{"d":"${key.toBase64({ alphabet: "base64url" })}"}`), ["SIGNING_KEY"]);
});
