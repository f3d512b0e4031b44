import {
  awaitRush,
  RUSH_ENVIRONMENT,
  type RushRun,
  spawnRush,
  startTestServer,
} from "./run_rush.ts";

/** Changes the body of an answer. */
// deno-lint-ignore no-explicit-any
export type Falsify = (path: string, body: any) => void;

/** A proxy that falsifies the answers of a server. */
function startFalsifyingProxy(target: string, falsify: Falsify) {
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, async (request) => {
    const { pathname, search } = new URL(request.url);
    const answer = await fetch(target + pathname + search, {
      method: request.method,
      headers: request.headers,
      body: request.method === "GET" ? null : await request.text(),
    });
    const text = await answer.text();
    if (!answer.ok) {
      const { status, headers } = answer;
      const kept = [...headers].filter(([name]) => !/^content-(encoding|length)$/.test(name));
      return new Response(text, { status, headers: kept });
    }
    const body = JSON.parse(text);
    falsify(pathname, body);
    return Response.json(body, { status: answer.status });
  });
  return { base: `http://127.0.0.1:${server.addr.port}`, stop: () => server.shutdown() };
}

/** Sends a crowd of eight through the proxy. */
export async function runFalsified(falsify: Falsify, args: readonly string[]): Promise<RushRun> {
  const server = await startTestServer();
  const proxy = startFalsifyingProxy(server.base, falsify);
  try {
    const all = ["--base", proxy.base, "--fans", "8", "--think-seconds", "0.01", ...args];
    return await awaitRush(spawnRush(all, RUSH_ENVIRONMENT));
  } finally {
    await proxy.stop();
    await server.stop();
  }
}
