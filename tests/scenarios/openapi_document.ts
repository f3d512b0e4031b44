import assert from "node:assert/strict";
import { Ajv2020 } from "ajv/dist/2020.js";
import type { FailureKind } from "../../src/domain/failures.ts";
import { PROBLEMS } from "../../src/http/problems/problems.ts";
import type { Received } from "../support/api_box.ts";
import { answerSchema, openApiChecker } from "../support/openapi_checker.ts";
import { dayOf, withDatesOf } from "../../src/http/pages/example_dates.ts";
import type { OpenBox, Scenario } from "./scenario.ts";

interface Media {
  readonly example?: unknown;
  readonly examples?: Record<string, { value: { code?: string } }>;
}

interface Operation {
  readonly requestBody?: { content: { "application/json": { example: unknown } } };
}

async function readDocument(open: OpenBox): Promise<Received> {
  return await (await open()).call("GET", "/openapi.json");
}

export function openapiDocumentScenarios(test: Scenario): void {
  test("GET /openapi.json is OpenAPI 3.1 and lists every route of the API", async (open) => {
    const { status, body } = await readDocument(open);
    assert.equal(status, 200);
    assert.match(body.openapi, /^3\.1\./);
    const routes = Object.entries(body.paths).flatMap(([path, methods]) =>
      Object.keys(methods as object).map((method) => `${method.toUpperCase()} ${path}`)
    );
    assert.deepEqual(routes.sort(), [
      "DELETE /v1/admin/fans/{userId}",
      "DELETE /v1/admin/rooms/{room}",
      "DELETE /v1/admin/rooms/{room}/places/{userId}",
      "DELETE /v1/admin/webhooks/{webhookId}",
      "DELETE /v1/queue/tokens/me",
      "DELETE /v1/reservations/{reservationId}",
      "GET /.well-known/jwks.json",
      "GET /healthz",
      "GET /readyz",
      "GET /v1/admin/audit",
      "GET /v1/admin/concerts",
      "GET /v1/admin/concerts/{concertId}",
      "GET /v1/admin/concerts/{concertId}/refunds/{refundId}",
      "GET /v1/admin/concerts/{concertId}/sales",
      "GET /v1/admin/concerts/{concertId}/schedules/{scheduleId}/seats",
      "GET /v1/admin/fans/{userId}",
      "GET /v1/admin/fans/{userId}/ledger",
      "GET /v1/admin/metrics",
      "GET /v1/admin/queue",
      "GET /v1/admin/rooms",
      "GET /v1/admin/rooms/{room}",
      "GET /v1/admin/rooms/{room}/history",
      "GET /v1/admin/webhooks",
      "GET /v1/balance",
      "GET /v1/concerts",
      "GET /v1/concerts/{concertId}/schedules",
      "GET /v1/concerts/{concertId}/schedules/{scheduleId}/seat-map",
      "GET /v1/concerts/{concertId}/schedules/{scheduleId}/seat-statuses",
      "GET /v1/concerts/{concertId}/schedules/{scheduleId}/seats",
      "GET /v1/payments",
      "GET /v1/payments/{paymentId}",
      "GET /v1/programme",
      "GET /v1/queue",
      "GET /v1/queue/tokens/me",
      "GET /v1/reservations",
      "GET /v1/rooms/{room}",
      "GET /v1/rooms/{room}/draw",
      "GET /v1/tickets",
      "GET /v1/tickets/{ticketId}",
      "GET /v1/tickets/{ticketId}/qr.svg",
      "PATCH /v1/admin/concerts/{concertId}",
      "PATCH /v1/admin/concerts/{concertId}/schedules/{scheduleId}/seats/{seatId}",
      "PATCH /v1/admin/rooms/{room}",
      "POST /v1/admin/balance/charges",
      "POST /v1/admin/balance/corrections",
      "POST /v1/admin/caches/evictions",
      "POST /v1/admin/checkins",
      "POST /v1/admin/concerts",
      "POST /v1/admin/concerts/{concertId}/refunds",
      "POST /v1/admin/concerts/{concertId}/schedules",
      "POST /v1/admin/concerts/{concertId}/schedules/{scheduleId}/seats",
      "POST /v1/admin/payments/{paymentId}/refunds",
      "POST /v1/admin/queue/promotions",
      "POST /v1/admin/rooms",
      "POST /v1/admin/rooms/{room}/promotions",
      "POST /v1/admin/webhooks",
      "POST /v1/admin/webhooks/{webhookId}/replays",
      "POST /v1/balance/charges",
      "POST /v1/payments",
      "POST /v1/payments/{paymentId}/refunds",
      "POST /v1/queue/admissions",
      "POST /v1/queue/tokens",
      "POST /v1/reservations",
    ]);
  });

  test("the served document is docs/openapi.json, with the examples of the day", async (open) => {
    const box = await open();
    const { text, headers } = await box.call("GET", "/openapi.json");
    const committed = await Deno.readTextFile(new URL("../../docs/openapi.json", import.meta.url));
    const today = withDatesOf(dayOf(box.clock()), committed);
    assert.deepEqual(JSON.parse(text), JSON.parse(today));
    assert.equal(headers.get("Cache-Control"), "public, max-age=300");
    const known = { headers: { "If-None-Match": headers.get("ETag")! } };
    const again = await box.call("GET", "/openapi.json", known);
    assert.deepEqual([again.status, again.text], [304, ""]);
  });

  test("the type of a problem leads to its part of a page", async (open) => {
    const { call } = await open();
    const { type } = (await call("GET", "/v1/balance")).body;
    const [path, anchor] = type.split("#");
    const page = await call("GET", path);
    assert.equal(page.status, 200);
    assert.match(page.headers.get("Content-Type")!, /^text\/html/);
    assert.ok(page.text.includes(`id="${anchor}"`));
    assert.doesNotMatch(page.text, /https?:\/\//);
  });

  test("every operation has a name of its own, for generated clients", async (open) => {
    const { body } = await readDocument(open);
    const names = Object.values<Record<string, { operationId: string }>>(body.paths)
      .flatMap((methods) => Object.values(methods).map(({ operationId }) => operationId));
    assert.ok(names.every((name) => /^[a-z][A-Za-z]+$/.test(name)));
    assert.equal(new Set(names).size, names.length);
  });

  test("every example in the document fits its schema", async (open) => {
    const { text, body } = await readDocument(open);
    const { operations, ajv } = openApiChecker(text);
    const problems: Record<string, { value: unknown }> = body.components.examples;
    let examples = 0;
    for (const { path, method, responses } of operations) {
      for (const [status, { content = {}, pointer }] of Object.entries(responses)) {
        for (const [mediaType, { example, examples: named }] of Object.entries<Media>(content)) {
          const validate = answerSchema(ajv, { pointer }, mediaType);
          const values = named
            ? Object.keys(named).map((code) => problems[code]!.value)
            : [example];
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

  test("every failure is declared", async (open) => {
    const { operations } = openApiChecker((await readDocument(open)).text);
    const declared = new Set(
      operations.flatMap(({ responses }) =>
        Object.values(responses).flatMap(({ content = {} }) =>
          Object.values<Media>(content).flatMap(({ examples = {} }) => Object.keys(examples))
        )
      ),
    );
    const missing = (Object.keys(PROBLEMS) as FailureKind[]).filter((kind) => !declared.has(kind));
    assert.deepEqual(missing, []);
  });

  test("request bodies in the document fit their own schemas", async (open) => {
    const { body } = await readDocument(open);
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
    assert.equal(bodies, 23);
  });
}
