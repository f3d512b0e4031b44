import { deepEqual, doesNotMatch, equal, match } from "node:assert/strict";
import express from "express";
import { Hono } from "hono";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { admissionMiddleware as expressMiddleware } from "../src/client/middleware/express.ts";
import { admissionMiddleware as honoMiddleware } from "../src/client/middleware/hono.ts";
import { admissionIssuer, AUDIENCE, ISSUER, ONE, ROOM, TWO } from "./client/middleware/issuer.ts";
import { documentedCheck, programOf } from "./support/documented_check.ts";
import { areInstalled, bash } from "./support/docs_shell.ts";
import { codeBlocks, readDocument } from "./support/documents.ts";
import { type Run, signIn, start } from "./support/local_run.ts";

/** An admission that the server itself issued, to the room main. */
async function issuedBy(run: Run): Promise<string> {
  const user = await signIn(run, "alice");
  const { body: { token: place } } = await run.call("POST", "/v1/queue/tokens", { user });
  const issued = await run.call("POST", "/v1/queue/admissions", { user, place });
  return issued.body.admission;
}

let run: Run;
Deno.test.beforeAll(async () => {
  run = await start({
    ADMISSION_AUDIENCES: AUDIENCE,
    ADMISSION_ISSUER: ISSUER,
    ADMISSION_SUBJECT: "user",
    SIGNING_KEY: `${TWO},${ONE}`,
  });
});
Deno.test.afterAll(async () => void await run.stop("SIGTERM"));

for (const language of ["js", "python", "php", "go"]) {
  const program = await programOf(language);
  Deno.test({
    name: `scenario: the check of admissions in docs/admissions.md in ${language}`,
    ignore: program === null,
    async fn() {
      const keysUrl = `${run.base}/.well-known/jwks.json`;
      const check = (room: string, texts: string[]) =>
        documentedCheck(language, program!, { keysUrl, room, texts });
      const issued = await issuedBy(run);
      const { issue, forgeries } = admissionIssuer(Date.now());
      deepEqual(await check("main", [issued, await issue()]), ["alice", null]);
      const refused = await forgeries();
      const texts = [await issue(), issued, ...refused.map(([, text]) => text)];
      const [real, ofMain, ...others] = await check(ROOM, texts);
      deepEqual([real, ofMain], ["a-pseudonym", null], "of the key before, and of another room");
      const letIn = refused.filter((_, index) => others[index] !== null).map(([name]) => name);
      deepEqual([others.length, letIn], [refused.length, []]);
    },
  });
}

Deno.test("docs/admissions.md has the check in four languages", () => {
  const languages = codeBlocks(readDocument("docs/admissions.md")).map(({ language }) => language);
  for (const language of ["js", "python", "php", "go"]) {
    equal(languages.includes(language), true, language);
  }
});

Deno.test({
  name: "scenario: the calls in docs/admissions.md issue an admission",
  ignore: !await areInstalled("bash"),
  async fn() {
    const [starting, ...calls] = codeBlocks(readDocument("docs/admissions.md"))
      .filter(({ language }) => language === "sh").map(({ text }) => text);
    const audience = /ADMISSION_AUDIENCES=(\S+) /.exec(starting!)![1]!;
    await using run = await start({ ADMISSION_AUDIENCES: audience });
    const { out, errors } = await bash(calls.join("\n"), run.base);
    equal(errors, "");
    doesNotMatch(out, /"code":/);
    match(out, /^\{"admission":"eyJ[^"]+","expiresAt":"[^"]+"\}\n$/);
  },
});

/** Runs the lines of the page that put the middleware of a framework into `app`. */
function useAsDocumented(framework: string, admissionMiddleware: unknown, app: unknown): void {
  const { text } = codeBlocks(readDocument("docs/admissions.md"))
    .find(({ text }) => text.includes(`"@stanchion/client/${framework}"`))!;
  const lines = text.replace(/^import .*$/m, "");
  new Function("admissionMiddleware", "app", lines)(admissionMiddleware, app);
}

Deno.test("the middleware in docs/admissions.md keeps out requests without an admission in hono", async () => {
  const app = new Hono();
  useAsDocumented("hono", honoMiddleware, app);
  app.get("/open", (c) => c.text("open"));
  app.get("/shop/seats", (c) => c.text("seats"));
  equal((await app.request("/open")).status, 200);
  equal((await app.request("/shop/seats")).status, 401);
});

Deno.test("the middleware in docs/admissions.md keeps out requests without an admission in Express", async () => {
  const app = express();
  useAsDocumented("express", expressMiddleware, app);
  app.get(["/open", "/shop/seats"], (_, response) => void response.send("in"));
  const server = createServer(app).listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  try {
    const { port } = server.address() as AddressInfo;
    for (const [path, status] of [["/open", 200], ["/shop/seats", 401]] as const) {
      const response = await fetch(`http://127.0.0.1:${port}${path}`);
      equal(response.status, status, path);
      await response.body?.cancel();
    }
  } finally {
    await new Promise((resolve) => server.close(resolve));
  }
});
