import assert from "node:assert/strict";
import {
  type ApiDocument,
  incompatibilities,
} from "../../../src/tools/openapi/incompatibilities.ts";
import { madeDocs } from "../../../src/tools/openapi/main.ts";
import { surfaceOf } from "../../../src/tools/openapi/surface.ts";
import released from "./released.json" with { type: "json" };

const now = surfaceOf(JSON.parse(madeDocs()["openapi.json"]!)) as ApiDocument;
const before = released as unknown as ApiDocument;

// deno-lint-ignore no-explicit-any
type Change = (document: any) => unknown;

function changed(change: Change): ApiDocument {
  const document = structuredClone(now);
  change(document);
  return document;
}

Deno.test("what would break a client is in the changelog", async () => {
  const changelog = await Deno.readTextFile(
    new URL("../../../docs/changelog.md", import.meta.url),
  );
  const unreleased = changelog.slice(0, changelog.indexOf("\n## 1."));
  const unnamed = incompatibilities(before, now)
    .filter((fault) => !unreleased.includes(`\`${fault.split(": ")[0]}\``));
  assert.deepEqual(unnamed, [], "name each place in docs/changelog.md, between backquotes");
});

Deno.test("`incompatibilities()` finds nothing in what may be added", () => {
  const wider = changed(({ paths, components: { schemas } }) => {
    paths["/v1/new"] = paths["/v1/balance"];
    schemas.Balance.properties.bonus = { type: "integer" };
    schemas.ProblemCode.enum.push("NEW_CODE");
    schemas.RoomState.enum.push("NEW_STATE");
    schemas.NewCharge.properties.note = { type: "string" };
    schemas.NewReservations.properties.seatIds.maxItems = 100;
  });
  assert.deepEqual(incompatibilities(now, wider), []);
  assert.deepEqual(incompatibilities(now, now), []);
});

Deno.test("`incompatibilities()` finds each change that would break a client", () => {
  const cases: [string, Change][] = [
    ["GET /v1/balance: is removed", ({ paths }) => delete paths["/v1/balance"]],
    ["GET /v1/balance: has another name", ({ paths }) => {
      paths["/v1/balance"].get.operationId = "balance";
    }],
    ["POST /v1/queue/tokens 200: is removed", ({ paths }) => {
      delete paths["/v1/queue/tokens"].post.responses[200];
    }],
    ["GET /v1/balance 200 balance: is removed", ({ components: { schemas } }) => {
      delete schemas.Balance.properties.balance;
    }],
    ["GET /v1/balance 200 balance: null is new", ({ components: { schemas } }) => {
      schemas.Balance.properties.balance.type = ["integer", "null"];
    }],
    ["GET /v1/balance 200 currency: may be absent", ({ components: { schemas } }) => {
      schemas.Balance.required = ["balance"];
    }],
    ["GET /v1/queue/tokens/me 200 WAITING ahead: is removed", ({ components: { schemas } }) => {
      delete schemas.WaitingLine.properties.ahead;
    }],
    ["POST /v1/balance/charges request amount: maximum is 5, and was 10000000", (document) => {
      document.components.schemas.NewCharge.properties.amount.maximum = 5;
    }],
    ["POST /v1/balance/charges request note: is required", ({ components: { schemas } }) => {
      schemas.NewCharge.properties.note = { type: "string" };
      schemas.NewCharge.required.push("note");
    }],
    ["POST /v1/reservations request seatIds: is removed", ({ components: { schemas } }) => {
      delete schemas.NewReservations.properties.seatIds;
    }],
    ["POST /v1/admin/rooms request opensAt: null is refused", ({ components: { schemas } }) => {
      schemas.NewRoom.properties.opensAt.type = "string";
    }],
    ["GET /v1/queue query room: is required", ({ paths }) => {
      paths["/v1/queue"].get.parameters[0].required = true;
    }],
    ["GET /v1/payments query cursor: is removed", ({ paths }) => {
      const { get } = paths["/v1/payments"];
      get.parameters = get.parameters.filter(({ name }: { name: string }) => name !== "cursor");
    }],
    ["POST /v1/admin/rooms request state: has no HELD", ({ components: { schemas } }) => {
      schemas.RoomState.enum = schemas.RoomState.enum.filter((state: string) => state !== "HELD");
    }],
  ];
  for (const [fault, change] of cases) {
    const found = incompatibilities(now, changed(change));
    assert.ok(found.includes(fault), `${fault}\n${found.join("\n")}`);
  }
});
