import { deepEqual, equal } from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import express from "express";
import { Hono } from "hono";
import {
  type AdmissionCheckOptions,
  memoryReplayStore,
} from "../../../src/client/middleware/admission.ts";
import { admissionMiddleware as expressMiddleware } from "../../../src/client/middleware/express.ts";
import {
  type AdmissionEnv,
  admissionMiddleware as honoMiddleware,
} from "../../../src/client/middleware/hono.ts";
import { AUDIENCE, forgeries, issue, ISSUER, jwksOf, NOW_MS, ONE, ROOM } from "./issuer.ts";

/** Sends a request with this admission. */
type Enter = (admission: string | null) => Promise<Response>;
type Serve = (
  options: AdmissionCheckOptions,
  run: (enter: Enter) => Promise<void>,
) => Promise<void>;

const overHono: Serve = async (options, run) => {
  const app = new Hono<AdmissionEnv>();
  app.get("/open", (c) => c.text("open"));
  app.use("/shop/*", honoMiddleware(options));
  app.get("/shop/seats", (c) => c.json(c.get("admission")));
  await run(async (admission) =>
    await app.request("/shop/seats", { headers: admission === null ? {} : { admission } })
  );
  equal((await app.request("/open")).status, 200);
};

const overExpress: Serve = async (options, run) => {
  const app = express();
  app.use("/shop", expressMiddleware(options));
  app.get("/shop/seats", (request, response) => {
    response.json(request.admission);
  });
  const server = createServer(app).listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const { port } = server.address() as AddressInfo;
  try {
    await run((admission) =>
      fetch(`http://127.0.0.1:${port}/shop/seats`, {
        headers: admission === null ? {} : { Admission: admission },
      })
    );
  } finally {
    await new Promise((resolve) => server.close(resolve));
  }
};

const OPTIONS: AdmissionCheckOptions = {
  issuer: ISSUER,
  audience: AUDIENCE,
  room: ROOM,
  clock: () => NOW_MS,
  fetch: () => Promise.resolve(Response.json(jwksOf(ONE))),
};

for (const [name, serve] of Object.entries({ hono: overHono, Express: overExpress })) {
  Deno.test(`${name}: an admission enters, and the handler sees it`, () =>
    serve(OPTIONS, async (enter) => {
      const answer = await enter(await issue({ id: "one" }));
      equal(answer.status, 200);
      const { subject, room, id } = await answer.json();
      deepEqual({ subject, room, id }, { subject: "a-pseudonym", room: ROOM, id: "one" });
    }));

  Deno.test(`${name}: what is no admission for this server gets a problem document`, () =>
    serve(OPTIONS, async (enter) => {
      for (
        const [what, text, refusal] of [...await forgeries(), ["none", null, "MISSING"] as const]
      ) {
        const answer = await enter(text);
        const { code, status } = await answer.json();
        const expected = refusal === "OTHER_ROOM" ? 403 : 401;
        deepEqual(
          [answer.status, status, code],
          [expected, expected, `ADMISSION_${refusal}`],
          what,
        );
        equal(answer.headers.get("Content-Type"), "application/problem+json");
        equal(answer.headers.get("Cache-Control"), "no-store");
        equal(answer.headers.get("WWW-Authenticate"), expected === 401 ? "Admission" : null);
      }
    }));

  Deno.test(`${name}: an admission enters once where ids are kept`, () =>
    serve({ ...OPTIONS, replays: memoryReplayStore({ clock: () => NOW_MS }) }, async (enter) => {
      const admission = await issue();
      equal((await enter(admission)).status, 200);
      const again = await enter(admission);
      deepEqual([again.status, (await again.json()).code], [403, "ADMISSION_REPLAYED"]);
    }));

  Deno.test(`${name}: without keys nobody enters, and the answer is a problem document that says when to retry`, () =>
    serve(
      { ...OPTIONS, fetch: () => Promise.reject(new TypeError("not reached")) },
      async (enter) => {
        const answer = await enter(await issue());
        const { status, code } = await answer.json();
        deepEqual([answer.status, status, code], [503, 503, "ADMISSION_KEYS_UNAVAILABLE"]);
        equal(answer.headers.get("Content-Type"), "application/problem+json");
        equal(answer.headers.get("Cache-Control"), "no-store");
        equal(answer.headers.get("Retry-After"), "5");
      },
    ));
}
