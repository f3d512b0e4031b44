import { deepEqual, ok } from "node:assert/strict";
import { readBody } from "../../src/http/pipeline/body.ts";
import { withoutHang } from "../support/wait.ts";
import type { Operation } from "../requests/document.ts";
import { needsOf } from "./needs.ts";
import { explode, KIB, MIB, SMALL } from "./bombs.ts";
import { type AttackWorld, openAttackWorld, send, withHeaders } from "./world.ts";

let attacked: AttackWorld;
Deno.test.beforeAll(async () => {
  attacked = await openAttackWorld();
});
Deno.test.afterAll(() => attacked.close());

const takesJson = ({ requestBody }: Operation) =>
  "application/json" in (requestBody?.content ?? {});

Deno.test("every route that takes JSON refuses every bomb of 64 KiB with 400 or 413", async () => {
  let sent = 0;
  for (const operation of attacked.document.operations.filter(takesJson)) {
    sent += await explode(attacked, operation, SMALL);
  }
  ok(sent > 400, `${sent} bombs`);
  deepEqual(attacked.box.reports, []);
});

Deno.test("the routes that take more refuse larger bombs", async () => {
  const large = attacked.document.operations.find(({ operationId }) =>
    operationId === "createConcert"
  );
  await explode(attacked, large!, MIB);
  deepEqual(attacked.box.reports, []);
});

Deno.test("no route but those for operators takes a body over 64 KiB", async () => {
  const { world: { box }, requestOf, document } = attacked;
  let refused = 0;
  for (const operation of document.operations) {
    if (operation.method === "GET" || needsOf(operation).bearers.includes("operatorToken")) {
      continue;
    }
    const wire = withHeaders(await requestOf(operation), { "Content-Type": "application/json" });
    const answer = await send(box, { ...wire, body: `{"a":"${"x".repeat(SMALL)}"}` });
    deepEqual([answer.status, answer.body.limitBytes], [413, SMALL], operation.operationId);
    refused++;
  }
  ok(refused >= 8, `${refused} routes`);
});

/** A body of which one byte has come, and no more will. */
function dripping(): { request: Request; isCancelled: () => boolean } {
  let cancelled = false;
  const body = new ReadableStream({
    start: (controller) => controller.enqueue(new TextEncoder().encode("{")),
    cancel() {
      cancelled = true;
    },
  });
  const request = new Request("http://stanchion.test/", { method: "POST", body });
  return { request, isCancelled: () => cancelled };
}

Deno.test("a body that does not come is given up at its deadline, and its stream is closed", async () => {
  const { request, isCancelled } = dripping();
  const read = await withoutHang("the deadline", readBody(request, SMALL, { deadlineMs: 20 }));
  deepEqual(read, { ok: false, failure: { kind: "MALFORMED_JSON", late: true } });
  ok(isCancelled());
});

Deno.test("a body that is too long is not read to its end", async () => {
  let pulls = 0;
  let cancelled = false;
  const body = new ReadableStream({
    pull(controller) {
      pulls++;
      controller.enqueue(new Uint8Array(KIB));
    },
    cancel() {
      cancelled = true;
    },
  });
  const request = new Request("http://stanchion.test/", { method: "POST", body });
  const read = await readBody(request, 4 * KIB);
  deepEqual(read, { ok: false, failure: { kind: "PAYLOAD_TOO_LARGE", limitBytes: 4 * KIB } });
  ok(pulls < 10 && cancelled, `${pulls} KiB`);
});

Deno.test("of a body that is not kept only the beginning is given", async () => {
  let left = 100;
  const body = new ReadableStream({
    pull(controller) {
      controller.enqueue(new Uint8Array(KIB).fill(left));
      if (--left === 0) controller.close();
    },
  });
  const request = new Request("http://stanchion.test/", { method: "POST", body });
  const read = await readBody(request, MIB, { isKept: false });
  deepEqual(read, { ok: true, value: new Uint8Array(KIB).fill(100) });
});

Deno.test("the order of refusals stays: size, media type, credentials", async () => {
  const { world: { box } } = attacked;
  const bodies = [
    [`"${"x".repeat(SMALL)}"`, "application/json", 413],
    ["x", "text/plain", 415],
    ["{", "application/json", 401],
    ["", "text/plain", 401],
  ] as const;
  for (const [raw, type, status] of bodies) {
    const headers = { "Content-Type": type };
    const answer = await box.call("POST", "/v1/payments", { headers, raw });
    deepEqual(answer.status, status, `${raw.slice(0, 5)} as ${type}`);
  }
});
