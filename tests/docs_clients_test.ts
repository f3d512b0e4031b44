import { deepEqual, equal, rejects } from "node:assert/strict";
import { codeBlocks, readDocument } from "./support/documents.ts";

/** An answer of a server or of a proxy before it; null: the network lost it. */
type Scripted = readonly [status: number, body: unknown, headers?: HeadersInit] | null;

const refusal = (status: number, code: string): Scripted => [status, { code }];
const PROXY_PAGE = "<html>Bad gateway</html>";

/** The first `js` block of a page, on a scripted network and a clock that does not wait. */
function documented<Names extends string>(
  path: string,
  names: readonly Names[],
  answers: readonly Scripted[],
) {
  const left = [...answers];
  const sent: Request[] = [];
  const pausesMs: number[] = [];
  const kept = new Map<string, string>();
  const given = {
    fetch(target: string | Request, options?: RequestInit) {
      sent.push(
        new Request(typeof target === "string" ? `https://x.test${target}` : target, options),
      );
      const next = left.shift();
      if (!next) return Promise.reject(new TypeError("network"));
      const [status, body, headers = {}] = next;
      const text = typeof body === "string" ? body : JSON.stringify(body);
      return Promise.resolve(new Response(text, { status, headers }));
    },
    setTimeout: (act: () => void, ms: number) => (pausesMs.push(ms), queueMicrotask(act)),
    localStorage: {
      getItem: (name: string) => kept.get(name) ?? null,
      setItem: (name: string, value: string) => void kept.set(name, value),
      removeItem: (name: string) => void kept.delete(name),
    },
    AbortSignal: { timeout: () => undefined },
  };
  const { text } = codeBlocks(readDocument(path)).find(({ language }) => language === "js")!;
  const lines = `${text.replaceAll("export ", "")}\nreturn { ${names.join(", ")} };`;
  const functions = new Function(...Object.keys(given), lines)(...Object.values(given));
  // deno-lint-ignore no-explicit-any
  const acts = functions as Record<Names, (...args: any[]) => Promise<any>>;
  return { ...acts, sent, pausesMs, kept, left: () => left.length };
}

const payment = () =>
  new Request("https://x.test/v1/payments", {
    method: "POST",
    headers: { "Idempotency-Key": "the-key" },
    body: "{}",
  });

const retries = (...answers: readonly Scripted[]) =>
  documented("docs/guides/retries.md", ["send", "isFinal"], answers);

Deno.test("send() of docs/guides/retries.md repeats with one key while the outcome is open", async () => {
  const open: Scripted[] = [
    null,
    refusal(500, "INTERNAL"),
    [502, PROXY_PAGE],
    [503, { code: "DEPENDENCY_UNAVAILABLE" }, { "Retry-After": "7" }],
    [504, PROXY_PAGE],
    [429, { code: "RATE_LIMITED" }, { "Retry-After": "3" }],
    refusal(408, "X"),
    refusal(425, "X"),
    refusal(409, "IDEMPOTENCY_IN_PROGRESS"),
    [404, PROXY_PAGE],
  ];
  for (const answer of open) {
    const page = retries(answer, [201, {}]);
    const name = JSON.stringify(answer);
    equal((await page.send(payment())).status, 201, name);
    const keys = page.sent.map(({ headers }) => headers.get("Idempotency-Key"));
    deepEqual(keys, ["the-key", "the-key"], name);
    const leastMs = 1000 * Number(new Headers(answer?.[2]).get("Retry-After") ?? 1);
    equal(page.pausesMs.every((ms) => ms >= leastMs && ms <= leastMs + 1000), true, name);
  }
});

Deno.test("send() of docs/guides/retries.md ends with the final answer, or throws after six", async () => {
  for (const answer of [[201, {}], [200, {}], refusal(409, "SEAT_UNAVAILABLE")] as Scripted[]) {
    const page = retries(answer, [201, {}]);
    const received = await page.send(payment());
    deepEqual([received.status, page.left()], [answer![0], 1]);
    equal(await page.isFinal(received), true);
  }
  for (const status of [401, 403]) {
    const page = retries(refusal(status, "X"), [201, {}]);
    const received = await page.send(payment());
    deepEqual([received.status, page.left()], [status, 1]);
    equal(await page.isFinal(received), false, "the key is kept");
  }
  const page = retries(...Array.from({ length: 7 }, () => refusal(500, "INTERNAL")));
  await rejects(page.send(payment()), /keep the key/);
  equal(page.left(), 1);
});

Deno.test("the client in docs/operating.md waits through lost networks, proxies and a reset", async () => {
  const waiting = { state: "WAITING", pollAfterSeconds: 5 };
  const page = documented("docs/operating.md", ["waitForAdmission"], [
    null,
    [201, { ...waiting, token: "one" }],
    null,
    [502, PROXY_PAGE],
    [503, { code: "DEPENDENCY_UNAVAILABLE" }, { "Retry-After": "4" }],
    [200, { state: "GONE", reason: "LINE_RESET" }],
    [201, { ...waiting, token: "two" }],
    [200, { state: "ADMITTED" }],
  ]);
  const seen: unknown[] = [];
  const admitted = await page.waitForAdmission("jwt", (line: unknown) => seen.push(line));
  deepEqual([admitted, seen.length, page.left()], [{ state: "ADMITTED" }, 2, 0]);
  const tokens = page.sent.map(({ method, headers }) => [method, headers.get("Queue-Token")]);
  deepEqual(tokens, [
    ["POST", null],
    ["POST", null],
    ["GET", "one"],
    ["GET", "one"],
    ["GET", "one"],
    ["GET", "one"],
    ["POST", "one"],
    ["GET", "two"],
  ]);
});
