import assert from "node:assert/strict";
import { signIn, start } from "../support/local_run.ts";

interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly required?: boolean;
  readonly schema: { readonly example?: unknown };
}

/** Requests of a fan, then of an operator, in an order in which none spoils a later one. */
const FAN = [
  "joinLine",
  "listConcerts",
  "listSchedules",
  "listSeats",
  "issueAdmission",
  "chargeBalance",
  "holdSeats",
];
const OPERATOR = [
  "chargeFan",
  "correctBalance",
  "addSchedule",
  "addSeats",
  "updateConcert",
  "createConcert",
  "createRoom",
  "updateRoom",
  "releaseHeads",
  "moveLine",
  "evictCaches",
  "registerWebhook",
  "getFan",
  "listSales",
  "refundConcert",
];

Deno.test("the examples of the document work as they are read, against the demo sale", async () => {
  await using run = await start({ ADMISSION_AUDIENCES: "https://shop.example.com" });
  const document = await (await fetch(`${run.base}/openapi.json`)).json();
  const operations = new Map(
    Object.entries<Record<string, { operationId: string }>>(document.paths).flatMap(
      ([path, methods]) =>
        Object.entries(methods).map(([method, operation]) =>
          [operation.operationId, { path, method, operation: operation as never }] as const
        ),
    ),
  );
  const send = async (name: string, credentials: Record<string, string>) => {
    const { path, method, operation } = operations.get(name)!;
    const { parameters = [], requestBody } = operation as {
      parameters?: Parameter[];
      requestBody?: { content: Record<string, { example: unknown }> };
    };
    let url = run.base + path;
    const headers = new Headers(credentials);
    for (const parameter of parameters.filter(({ required }) => required)) {
      const value = String(parameter.schema.example);
      if (parameter.in === "path") url = url.replace(`{${parameter.name}}`, value);
      if (parameter.in === "header") headers.set(parameter.name, value);
    }
    const example = requestBody?.content["application/json"]?.example;
    if (example !== undefined) headers.set("Content-Type", "application/json");
    const body = example === undefined ? null : JSON.stringify(example);
    const answer = await fetch(url, { method: method.toUpperCase(), headers, body });
    const text = await answer.text();
    assert.ok(answer.status < 300, `${name}: ${answer.status} ${text}`);
    return JSON.parse(text);
  };

  const fan: Record<string, string> = { Authorization: `Bearer ${await signIn(run, "alice")}` };
  for (const name of FAN) {
    const { token } = await send(name, fan);
    if (token) fan["Queue-Token"] = token;
  }
  const operatorToken = /operator token: (\w+)/.exec(run.welcome)![1];
  for (const name of OPERATOR) await send(name, { Authorization: `Bearer ${operatorToken}` });
});
