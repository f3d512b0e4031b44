import { fileURLToPath } from "node:url";
import { type Answer, ANSWER_MARK, type LoadedTest, type Request } from "./messages.ts";
import type { TestRecord } from "./messages.ts";
import { TextLineStream } from "./text_lines.ts";

const HARNESS = fileURLToPath(new URL("./harness.ts", import.meta.url));
const CONFIG = fileURLToPath(new URL("../deno.json", import.meta.url));
/** A mutant may fill the memory. */
const MAX_HEAP_MIB = 1_500;
const LOAD_MS = 300_000;
const RECORD_MS = 600_000;
const CLOSE_MS = 10_000;
/** A blocked process gets so much longer than the test in it. */
const BLOCKED_MS = 2_000;

/** The bounds of a test with a mutant: more is an endless loop, or an answer that never comes. */
export interface TestBounds {
  readonly steps: number;
  readonly ms: number;
}

export type LoadOutcome =
  | { readonly tests: readonly LoadedTest[]; readonly reached: readonly number[] }
  | { readonly error: string };

/** A process that runs tests beside the mutated modules. After a fault it has ended. */
export interface TestProcess {
  load(files: readonly string[]): Promise<LoadOutcome>;
  record(index: number): Promise<TestRecord>;
  /** Why the test fails with this mutant; null if it passes. */
  test(index: number, mutant: number, bounds: TestBounds): Promise<string | null>;
  readonly hasEnded: boolean;
  close(): Promise<void>;
}

/** `root`: the folder of the files of tests. */
export function startTestProcess(importMap: string, root: string): TestProcess {
  const child = new Deno.Command(Deno.execPath(), {
    args: [
      ...["run", "-A", "--no-check", "--quiet", `--v8-flags=--max-old-space-size=${MAX_HEAP_MIB}`],
      ...["--config", CONFIG, "--import-map", importMap, HARNESS],
    ],
    cwd: root,
    stdin: "piped",
    stdout: "piped",
    stderr: "null",
  }).spawn();
  const writer = child.stdin.getWriter();
  const lines = child.stdout.pipeThrough(new TextDecoderStream()).pipeThrough(new TextLineStream())
    .getReader();
  const encoder = new TextEncoder();
  let hasEnded = false;

  async function answered(): Promise<Answer | null> {
    for (;;) {
      const { done, value } = await lines.read();
      if (done) return null;
      const at = value.indexOf(ANSWER_MARK);
      if (at >= 0) return JSON.parse(value.slice(at + 1));
    }
  }

  async function end(): Promise<void> {
    hasEnded = true;
    try {
      child.kill("SIGKILL");
    } catch {
      // It has ended already.
    }
    await child.status;
    await lines.cancel();
    await writer.abort().catch(() => {});
  }

  /** The answer, or why there is none. */
  async function ask(request: Request, ms: number): Promise<Answer | string> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<string>((resolve) => {
      timer = setTimeout(() => resolve(`the process was blocked for ${ms} ms`), ms);
    });
    await writer.write(encoder.encode(`${JSON.stringify(request)}\n`)).catch(() => {});
    const answer = await Promise.race([answered(), late]) ?? "the process ended";
    clearTimeout(timer);
    if (typeof answer === "string") await end();
    return answer;
  }

  return {
    async load(files) {
      const answer = await ask({ do: "load", files: files.map(urlIn(root)) }, LOAD_MS);
      if (typeof answer === "string") return { error: answer };
      if (answer.did === "fail") return { error: answer.error };
      if (answer.did !== "load") throw new Error(`not an answer to load: ${answer.did}`);
      return answer;
    },
    async record(index) {
      const answer = await ask({ do: "record", index }, RECORD_MS);
      if (typeof answer === "string") throw new Error(answer);
      if (answer.did !== "record") throw new Error(`not an answer to record: ${answer.did}`);
      return answer.record;
    },
    async test(index, mutant, { steps, ms }) {
      const answer = await ask({ do: "test", index, mutant, steps, ms }, ms + BLOCKED_MS);
      if (typeof answer === "string") return answer;
      if (answer.did !== "test") throw new Error(`not an answer to test: ${answer.did}`);
      return answer.error;
    },
    get hasEnded() {
      return hasEnded;
    },
    async close() {
      if (hasEnded) return;
      await ask({ do: "close" }, CLOSE_MS);
      if (!hasEnded) await end();
    },
  };
}

const urlIn = (root: string) => (file: string) => `file://${root}${file}`;
