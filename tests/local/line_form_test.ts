import assert from "node:assert/strict";
import { type Run, signIn, start } from "../support/local_run.ts";

// The page of the line as requests see it.

let run: Run;
Deno.test.beforeAll(async () => {
  run = await start();
});
Deno.test.afterAll(async () => {
  await run.stop("SIGTERM");
});

Deno.test("the form of the line is taken from its own page, and from listed origins", async () => {
  const post = async (headers: Record<string, string>) => {
    const body = new URLSearchParams({ userId: "form" });
    const init = { method: "POST", headers, body, redirect: "manual" } as const;
    const answer = await fetch(`${run.base}/line`, init);
    const text = await answer.text();
    if (answer.status === 403) assert.match(text, /<form method="post" action="\/line/);
    return answer.status;
  };
  assert.equal(await post({ Origin: run.base }), 303);
  assert.equal(await post({ Origin: "null", "Sec-Fetch-Site": "same-origin" }), 303);
  assert.equal(await post({ Origin: "https://evil.example" }), 403);
  assert.equal(await post({ Origin: "null", "Sec-Fetch-Site": "cross-site" }), 403);
  assert.equal(await post({ Origin: run.base, "Sec-Fetch-Site": "cross-site" }), 403);
  assert.equal(await post({}), 403);
});

Deno.test("no call of the API reads the cookie of a place", async () => {
  const user = await signIn(run, "cookie");
  const { token } = (await run.call("POST", "/v1/queue/tokens", { user })).body;
  const headers = { Cookie: `line-place=${token}; line-fan=${user}` };
  for (const path of ["/v1/queue/tokens/me", "/v1/balance", "/v1/concerts"]) {
    const answer = await fetch(run.base + path, { headers });
    await answer.body?.cancel();
    assert.equal(answer.status, 401, path);
  }
});

Deno.test("a document names the way back only to a listed origin", async () => {
  await using listed = await start({
    ALLOWED_ORIGINS: "https://shop.example.com",
    ADMISSION_AUDIENCES: "https://shop.example.com",
  });
  const documentOf = async (address: string) =>
    await (await fetch(`${listed.base}/line?return=${encodeURIComponent(address)}`)).text();
  assert.match(
    await documentOf("https://shop.example.com/basket?a=1&b=2"),
    /data-return-to="https:\/\/shop\.example\.com\/basket\?a=1&amp;b=2" data-audience="https:/,
  );
  const refused = ["https://evil.example/", "javascript:alert(1)", '"><script>', ""];
  const withCredentials = ["https://u:p@shop.example.com/", "https://u@shop.example.com/"];
  for (const address of [...refused, ...withCredentials]) {
    assert.doesNotMatch(await documentOf(address), /data-return-to/, address);
  }
});
