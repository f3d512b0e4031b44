import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { freePort } from "../../src/tools/local_cloud/free_port.ts";
import { withoutHang } from "./wait.ts";
import { runArguments } from "../../src/tools/run_arguments.ts";

const MAIN = fileURLToPath(new URL("../../src/main.ts", import.meta.url));
/** A run of seconds ends before optimised code of PostgreSQL's WebAssembly pays for its making. */
const V8_FLAGS = "--liftoff-only";

function command(settings: Record<string, string>, args: readonly string[] = []): Deno.Command {
  return new Deno.Command(Deno.execPath(), {
    args: runArguments(MAIN, ...args),
    env: { DENO_V8_FLAGS: V8_FLAGS, ...settings, NO_COLOR: "1" },
    stdout: "piped",
    stderr: "piped",
  });
}

/** The outcome of `task`. Fails with `what`, and kills the process, when it hangs. */
async function killedOnHang<Value>(
  what: string,
  child: Deno.ChildProcess,
  task: Promise<Value>,
): Promise<Value> {
  try {
    return await withoutHang(what, task);
  } catch (error) {
    try {
      child.kill("SIGKILL");
    } catch {
      // It has ended already.
    }
    throw error;
  }
}

/** The error output of a start that fails. A start that succeeds hangs, and fails the test. */
export async function failToStart(
  settings: Record<string, string>,
  ...args: readonly string[]
): Promise<string> {
  const child = command({ PORT: String(freePort()), ...settings }, args).spawn();
  const { code, stderr } = await killedOnHang("the refusal to start", child, child.output());
  const text = new TextDecoder().decode(stderr);
  assert.equal(code, 1, text);
  assert.doesNotMatch(text, /at .*\.ts:/, "no stack trace");
  return text;
}

export interface Run extends AsyncDisposable {
  readonly base: string;
  readonly welcome: string;
  /** Sends the signal and gives the exit code. */
  stop(signal: Deno.Signal): Promise<number>;
  call(method: string, path: string, options?: Options): Promise<Answer>;
}

export interface Options {
  readonly user?: string;
  readonly place?: string;
  readonly json?: unknown;
  readonly key?: string;
}

export interface Answer {
  readonly status: number;
  // deno-lint-ignore no-explicit-any
  readonly body: any;
}

/** Starts the program and waits until it says that it is up. */
export async function start(
  settings: Record<string, string> = {},
  ...args: readonly string[]
): Promise<Run> {
  const port = settings["PORT"] ?? String(freePort());
  const child = command({ ...settings, PORT: port }, args).spawn();
  const stderr = new Response(child.stderr).text();
  const reader = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  async function readWelcome(): Promise<string> {
    let text = "";
    while (!/^operator token: .*\n/m.test(text)) {
      const { value, done } = await reader.read();
      if (done) throw new Error(`it did not start: ${await stderr}`);
      text += value;
    }
    return text;
  }
  const welcome = await killedOnHang("the welcome", child, readWelcome());
  let stopped: Promise<number> | undefined;
  const base = `http://127.0.0.1:${port}`;
  const stop = (signal: Deno.Signal) =>
    stopped ??= (async () => {
      child.kill(signal);
      const { code } = await child.status;
      await reader.cancel();
      await stderr;
      return code;
    })();
  return {
    base,
    welcome,
    stop,
    async call(method, path, { user, place, json, key } = {}) {
      const response = await fetch(base + path, {
        method,
        headers: {
          ...(user ? { Authorization: `Bearer ${user}` } : {}),
          ...(place ? { "Queue-Token": place } : {}),
          ...(json ? { "Content-Type": "application/json" } : {}),
          ...(key ? { "Idempotency-Key": key } : {}),
        },
        ...(json ? { body: JSON.stringify(json) } : {}),
      });
      return { status: response.status, body: await response.json() };
    },
    [Symbol.asyncDispose]: async () => void await stop("SIGKILL"),
  };
}

export async function signIn(run: Run, userId: string): Promise<string> {
  return (await run.call("POST", "/dev/sign-in", { json: { userId } })).body.accessToken;
}
