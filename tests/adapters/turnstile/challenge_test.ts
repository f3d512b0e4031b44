import { deepEqual, equal, match, notEqual, rejects } from "node:assert/strict";
import { turnstileChallenge } from "../../../src/adapters/turnstile/challenge.ts";
import { DependencyError } from "../../../src/domain/failures.ts";
import { type FanId, MAIN_ROOM } from "../../../src/domain/ids.ts";
import { untraced } from "../../support/upstash.ts";

const ANN = { room: MAIN_ROOM, fan: "ann" as FanId };
const BOB = { room: MAIN_ROOM, fan: "bob" as FanId };
const SECRET = "a secret of the widget";
const PASSED = { success: true, "error-codes": [], hostname: "tickets.example.com" };

type Body = Readonly<Record<string, string>>;
type Answer = (body: Body, request: Request) => Response;

/** The challenge over a local server that answers so, with what it was asked. */
async function over<Value>(
  answer: Answer,
  run: (challenge: ReturnType<typeof turnstileChallenge>, asked: Body[]) => Promise<Value>,
): Promise<Value> {
  const asked: Body[] = [];
  await using server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen() {} },
    async (request) => {
      const body = request.method === "POST" ? await request.json() : {};
      asked.push(body);
      return answer(body, request);
    },
  );
  const verifyUrl = `http://127.0.0.1:${server.addr.port}/siteverify`;
  const trace = untraced;
  return await run(turnstileChallenge({ secret: SECRET, siteKey: "key", trace, verifyUrl }), asked);
}

/** Turnstile as it is described: a token counts once, but for calls with the same key. */
function turnstile(): Answer {
  const spent = new Map<string, string>();
  return ({ secret, response, idempotency_key: key }) => {
    const code = secret !== SECRET
      ? "invalid-input-secret"
      : !response?.startsWith("good")
      ? "invalid-input-response"
      : (spent.get(response) ?? key) !== key
      ? "timeout-or-duplicate"
      : null;
    if (code !== null) return Response.json({ success: false, "error-codes": [code] });
    spent.set(response!, key!);
    return Response.json(PASSED);
  };
}

Deno.test("`hasPassed()` sends secret, token and a UUID, and no address of the fan", () =>
  over(turnstile(), async (challenge, asked) => {
    equal(await challenge.hasPassed("good 1", ANN), true);
    const [{ idempotency_key: key, ...sent }] = asked as [Body];
    deepEqual(sent, { secret: SECRET, response: "good 1" });
    match(key!, /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  }));

Deno.test("a join that is sent again passes again, and another join with the token does not", () =>
  over(turnstile(), async (challenge, asked) => {
    equal(await challenge.hasPassed("good", ANN), true);
    equal(await challenge.hasPassed("good", ANN), true);
    equal(await challenge.hasPassed("good", BOB), false);
    equal(await challenge.hasPassed("forged", ANN), false);
    equal(asked[0]!["idempotency_key"], asked[1]!["idempotency_key"]);
    notEqual(asked[1]!["idempotency_key"], asked[2]!["idempotency_key"]);
  }));

Deno.test("a token of another action is for another form", async () => {
  for (const [action, passes] of [["join", true], ["", true], ["login", false]] as const) {
    const answer = () => Response.json({ ...PASSED, action });
    equal(await over(answer, (challenge) => challenge.hasPassed("good", ANN)), passes);
  }
});

Deno.test("`hasPassed()` throws where the verifier gives no verdict, and never passes", async () => {
  const refused = (...codes: string[]) => () =>
    Response.json({ success: false, "error-codes": codes });
  const answers: Record<string, Answer> = {
    "a failure": () => Response.json({ success: "true" }, { status: 500 }),
    "an empty answer": () => new Response(null),
    "a page": () => new Response("<html>", { status: 502 }),
    "null": () => Response.json(null),
    "no codes": () => Response.json({ success: false }),
    "an empty list of codes": refused(),
    "a wrong secret": refused("invalid-input-secret"),
    "a fault of theirs": refused("internal-error"),
    "a fault of theirs beside a verdict": refused("timeout-or-duplicate", "internal-error"),
    "too long an answer": () => Response.json({ ...PASSED, filler: "x".repeat(20_000) }),
    "a redirect": (_body, { url }) =>
      url.endsWith("/other")
        ? Response.json(PASSED)
        : new Response(null, { status: 307, headers: { Location: "/other" } }),
  };
  for (const [name, answer] of Object.entries(answers)) {
    const outcome = over(answer, (challenge) => challenge.hasPassed("good", ANN));
    await rejects(
      outcome,
      (error) => error instanceof DependencyError && error.dependency === "turnstile",
      name,
    );
  }
});

Deno.test("`hasPassed()` ends at its deadline", async () => {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const late = new AbortController();
  const served = listener.accept().then(async (connection) => {
    await connection.read(new Uint8Array(4096));
    late.abort(new Error("late"));
    return connection;
  });
  let deadlineMs = 0;
  const challenge = turnstileChallenge({
    secret: SECRET,
    siteKey: "key",
    trace: untraced,
    verifyUrl: `http://127.0.0.1:${listener.addr.port}/`,
    deadline: (ms) => (deadlineMs = ms, late.signal),
  });
  await rejects(challenge.hasPassed("good", ANN), DependencyError);
  equal(deadlineMs, 3_000);
  (await served).close();
  listener.close();
});
