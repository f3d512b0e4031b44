import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { freePort } from "../../../../src/tools/local_cloud/free_port.ts";
import { runArguments } from "../../../../src/tools/run_arguments.ts";

export const PROGRAM = fileURLToPath(
  new URL("../../../../src/tools/local_cloud/main.ts", import.meta.url),
);
const START_DEADLINE_MS = 60_000;
const STOP_DEADLINE_MS = 10_000;

export interface EdgeRun {
  readonly base: string;
  readonly said: string;
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
    stderr: "null",
  }).spawn();
  const deadline = setTimeout(() => child.kill("SIGKILL"), START_DEADLINE_MS);
  const reader = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  let said = "";
  while (!said.includes("redis-server on port") || !said.endsWith("\n")) {
    const { value, done } = await reader.read();
    assert.ok(!done, `it did not start: ${said}`);
    said += value;
  }
  clearTimeout(deadline);
  const engines = [.../redis-server on port (\d+) and .*:(\d+)\//.exec(said)!].slice(1).map(Number);
  return {
    base: `http://127.0.0.1:${port}`,
    said,
    ports: [port, ...engines],
    async end(signal) {
      child.kill(signal);
      while (!(await reader.read()).done);
      return (await child.status).code;
    },
  };
}

export async function answers(port: number): Promise<boolean> {
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
    while (await answers(port)) {
      assert.ok(performance.now() < deadline, `something still serves on port ${port}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}
