import assert from "node:assert/strict";
import type { ApiBox, Sent } from "./api_box.ts";

/** Headers of one request, and of a content, which 304 does not have. */
const OF_ONE_ANSWER = new Set([
  "content-encoding",
  "content-length",
  "content-type",
  "date",
  "server-timing",
  "traceparent",
  "transfer-encoding",
  "x-request-id",
]);

/** That 304, to GET and to HEAD, has the headers of its 200. Browsers put them over those. */
export async function checkNotModified(box: ApiBox, path: string, sent: Sent = {}): Promise<void> {
  const see = async (method: string, conditions: Record<string, string> = {}) => {
    const headers = { ...sent.headers, ...conditions };
    const answer = await box.call(method, path, { ...sent, headers });
    const lasting = [...answer.headers].filter(([name]) => !OF_ONE_ANSWER.has(name));
    return { ...answer, lasting: Object.fromEntries(lasting) };
  };
  const full = await see("GET");
  const known = { "If-None-Match": full.headers.get("ETag")! };
  for (
    const [method, conditions, status] of [["GET", known, 304], ["HEAD", known, 304], [
      "HEAD",
      {},
      200,
    ]] as const
  ) {
    const answer = await see(method, conditions);
    assert.deepEqual([answer.status, answer.text], [status, ""], `${method} ${path}`);
    assert.deepEqual(answer.lasting, full.lasting, `${status} to ${method} ${path}`);
    if (status === 304) assert.equal(answer.headers.get("Content-Type"), null);
  }
  assert.ok(full.lasting["content-security-policy"] && full.lasting["cache-control"]);
}
