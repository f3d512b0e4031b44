import assert from "node:assert/strict";
import { Ajv2020 } from "ajv/dist/2020.js";
import { openEmbeddedDatabase } from "../../src/adapters/postgres/pglite.ts";
import type { FailureKind } from "../../src/domain/failures.ts";
import { openBox } from "../support/box.ts";
import { openApiChecker } from "../support/openapi_checker.ts";
import { PROBLEMS } from "../../src/http/problem.ts";

const database = await openEmbeddedDatabase();
Deno.test.afterAll(() => database.close());
const box = openBox(database.sql);

Deno.test("GET /openapi.json is OpenAPI 3.1 and lists every route of the API", async () => {
  const { status, body } = await box.call("GET", "/openapi.json");
  assert.equal(status, 200);
  assert.match(body.openapi, /^3\.1\./);
  const routes = Object.entries(body.paths).flatMap(([path, methods]) =>
    Object.keys(methods as object).map((method) => `${method.toUpperCase()} ${path}`)
  );
  assert.deepEqual(routes.sort(), [
    "DELETE /v1/queue/tokens/me",
    "DELETE /v1/reservations/{reservationId}",
    "GET /healthz",
    "GET /readyz",
    "GET /v1/admin/concerts/{concertId}",
    "GET /v1/admin/concerts/{concertId}/sales",
    "GET /v1/admin/fans/{userId}",
    "GET /v1/admin/queue",
    "GET /v1/balance",
    "GET /v1/concerts",
    "GET /v1/concerts/{concertId}/schedules",
    "GET /v1/concerts/{concertId}/schedules/{scheduleId}/seats",
    "GET /v1/payments",
    "GET /v1/payments/{paymentId}",
    "GET /v1/queue",
    "GET /v1/queue/tokens/me",
    "GET /v1/reservations",
    "PATCH /v1/admin/concerts/{concertId}",
    "POST /v1/admin/balance/charges",
    "POST /v1/admin/concerts",
    "POST /v1/admin/queue/promotions",
    "POST /v1/balance/charges",
    "POST /v1/payments",
    "POST /v1/queue/tokens",
    "POST /v1/reservations",
  ]);
});

Deno.test("every operation has a name of its own, for generated clients", async () => {
  const { body } = await box.call("GET", "/openapi.json");
  const names = Object.values<Record<string, { operationId: string }>>(body.paths)
    .flatMap((methods) => Object.values(methods).map(({ operationId }) => operationId));
  assert.ok(names.every((name) => /^[a-z][A-Za-z]+$/.test(name)));
  assert.equal(new Set(names).size, names.length);
});

Deno.test("every example in the document fits its schema", () => {
  const { operations, ajv } = openApiChecker(box.app);
  let examples = 0;
  for (const { path, method, responses } of operations) {
    for (const [status, { content }] of Object.entries(responses)) {
      for (const [mediaType, { example, examples: named }] of Object.entries<Media>(content)) {
        const step = (text: string) => encodeURIComponent(text.replaceAll("/", "~1"));
        const validate = ajv.getSchema(
          `https://stanchion.test/openapi.json#/paths/${step(path)}/${method.toLowerCase()}` +
            `/responses/${status}/content/${step(mediaType)}/schema`,
        );
        const values = named ? Object.values(named).map(({ value }) => value) : [example];
        for (const value of values) {
          assert.ok(
            validate!(value),
            `${method} ${path} ${status}: ${ajv.errorsText(validate!.errors)}`,
          );
          examples++;
        }
      }
    }
  }
  assert.ok(examples > 100);
});

interface Media {
  readonly example?: unknown;
  readonly examples?: Record<string, { value: { code?: string } }>;
}

Deno.test("every failure is declared by a route, except those of no route", () => {
  const { operations } = openApiChecker(box.app);
  const declared = new Set(
    operations.flatMap(({ responses }) =>
      Object.values(responses).flatMap(({ content }) =>
        Object.values<Media>(content).flatMap(({ examples = {} }) => Object.keys(examples))
      )
    ),
  );
  const missing = (Object.keys(PROBLEMS) as FailureKind[]).filter((kind) => !declared.has(kind));
  assert.deepEqual(missing.sort(), ["METHOD_NOT_ALLOWED", "NOT_FOUND"]);
});

Deno.test("request bodies in the document fit their own schemas", async () => {
  const { body } = await box.call("GET", "/openapi.json");
  const ajv = new Ajv2020({ strict: false, validateFormats: false });
  ajv.addSchema({ ...body, $id: "https://stanchion.test/bodies.json" });
  let bodies = 0;
  for (const [path, methods] of Object.entries<Record<string, Operation>>(body.paths)) {
    for (const [method, { requestBody }] of Object.entries(methods)) {
      if (!requestBody) continue;
      const step = encodeURIComponent(path.replaceAll("/", "~1"));
      const validate = ajv.getSchema(
        `https://stanchion.test/bodies.json#/paths/${step}/${method}` +
          "/requestBody/content/application~1json/schema",
      );
      const { example } = requestBody.content["application/json"];
      assert.ok(validate!(example), `${method} ${path}: ${ajv.errorsText(validate!.errors)}`);
      bodies++;
    }
  }
  assert.equal(bodies, 8);
});

interface Operation {
  readonly requestBody?: { content: { "application/json": { example: unknown } } };
}

Deno.test("GET / and GET /docs need no outside host", async () => {
  for (const [path, scripts] of [["/", 1], ["/docs", 2]] as const) {
    const page = await box.call("GET", path);
    assert.equal(page.status, 200);
    assert.doesNotMatch(page.text, /https?:\/\//);
    const links = [...page.text.matchAll(/(?:src|href)="(\/[^"]+)"/g)].map(([, link]) => link!);
    assert.equal(links.filter((link) => link.endsWith(".js")).length, scripts);
    for (const link of links) assert.equal((await box.call("GET", link)).status, 200, link);
    assert.match(page.headers.get("Content-Security-Policy")!, /default-src 'none'/);
  }
});

Deno.test("GET /docs offers demo tokens in the local run alone", async () => {
  const local = openBox(database.sql, { settings: { USER_JWT_SECRET: "" } });
  for (const [where, offers] of [[local, true], [box, false]] as const) {
    assert.equal(/id="demo"/.test((await where.call("GET", "/docs")).text), offers);
    assert.equal(/dev\/sign-in/.test((await where.call("GET", "/docs/start.js")).text), offers);
  }
});

Deno.test("every answer has security headers and is not stored", async () => {
  for (const path of ["/v1/queue", "/v1/balance", "/nothing"]) {
    const { headers } = await box.call("GET", path);
    assert.equal(headers.get("X-Content-Type-Options"), "nosniff");
    assert.equal(headers.get("Cache-Control"), "no-store");
    assert.equal(
      headers.get("Content-Security-Policy"),
      "default-src 'none'; frame-ancestors 'none'",
    );
  }
});
