import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { freePort } from "../../../../src/tools/local_cloud/free_port.ts";
import { runArguments } from "../../../../src/tools/run_arguments.ts";

export const PROGRAM = fileURLToPath(
  new URL("../../../../src/tools/local_cloud/main.ts", import.meta.url),
);
/** Guards against endless waiting, not limits of speed. */
const START_DEADLINE_MS = 300_000;
const STOP_DEADLINE_MS = 300_000;

export interface EdgeRun {
  readonly base: string;
  /** stdout up to the welcome. */
  readonly output: string;
  /** Every port that the run serves on, its own and those of its engines. */
  readonly ports: readonly number[];
  end(signal: Deno.Signal): Promise<number>;
}

/** Starts the program, and waits until it is up. */
export async function startEdge(settings: Record<string, string>): Promise<EdgeRun> {
  const port = freePort();
  const child = new Deno.Command(Deno.execPath(), {
    args: runArguments(PROGRAM),
    env: { ...settings, PORT: String(port), NO_COLOR: "1" },
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const errors = new Response(child.stderr).text();
  const deadline = setTimeout(() => child.kill("SIGKILL"), START_DEADLINE_MS);
  const reader = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  let output = "";
  while (!output.includes("redis-server on port") || !output.endsWith("\n")) {
    const { value, done } = await reader.read();
    if (done) throw new Error(`it did not start: ${output}${await errors}`);
    output += value;
  }
  clearTimeout(deadline);
  const engines = [.../redis-server on port (\d+) and .*:(\d+)\//.exec(output)!].slice(1).map(
    Number,
  );
  return {
    base: `http://127.0.0.1:${port}`,
    output,
    ports: [port, ...engines],
    async end(signal) {
      child.kill(signal);
      while (!(await reader.read()).done);
      await errors;
      return (await child.status).code;
    },
  };
}

export async function acceptsConnections(port: number): Promise<boolean> {
  try {
    (await Deno.connect({ hostname: "127.0.0.1", port })).close();
    return true;
  } catch {
    return false;
  }
}

export async function assertNothingIsLeft(ports: readonly number[]): Promise<void> {
  const deadline = performance.now() + STOP_DEADLINE_MS;
  for (const port of ports) {
    while (await acceptsConnections(port)) {
      assert.ok(performance.now() < deadline, `port ${port} still accepts connections`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}
