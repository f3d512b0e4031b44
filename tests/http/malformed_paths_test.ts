import { deepEqual, equal, ok } from "node:assert/strict";
import { openBox } from "../support/box.ts";
import { openTestDatabase } from "../support/embedded_database.ts";

const database = await openTestDatabase();
Deno.test.afterAll(() => database.close());

const MALFORMED = ["%F0%28%8C%28", "a%ff", "%c0%ae", "%ed%a0%80", "%", "1%2", "%zz"];
const FAULT = "must have percent-encodings of UTF-8";

Deno.test("every route refuses a path whose percent-encodings are no UTF-8", async () => {
  const box = openBox(database.sql);
  const place = await box.join("a");
  const { body: document } = await box.call("GET", "/openapi.json");
  let refused = 0;
  for (const [path, item] of Object.entries<object>(document.paths)) {
    if (!path.includes("{")) continue;
    for (
      const method of Object.keys(item).filter((name) => /^(get|post|patch|delete)$/.test(name))
    ) {
      const credentials = path.startsWith("/v1/admin/")
        ? { operator: true as const }
        : { fan: "a", place };
      const json = method === "post" || method === "patch" ? { json: {} } : {};
      for (const segment of MALFORMED) {
        const sent = path.replaceAll(/\{\w+\}/g, segment);
        const { status, body } = await box.call(method.toUpperCase(), sent, {
          ...credentials,
          ...json,
        });
        deepEqual([status, body.code], [400, "VALIDATION_FAILED"], `${method} ${sent}`);
        const named = body.errors.filter(({ message }: { message: string }) => message === FAULT)
          .map((fault: { path: string }) => `{${fault.path}}`);
        deepEqual(named, path.match(/\{\w+\}/g), sent);
        refused++;
      }
    }
  }
  ok(refused > 100);
});

Deno.test("well-formed percent-encodings name a fan", async () => {
  const { call } = openBox(database.sql);
  const { status, body } = await call("GET", "/v1/admin/fans/%EA%B0%80%25%20b", { operator: true });
  equal(status, 200);
  equal(body.userId, "가% b");
});
