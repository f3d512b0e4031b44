import assert from "node:assert/strict";

/** A guard against endless waiting, not a limit of speed. */
const GONE_DEADLINE_MS = 300_000;
const ASK_EVERY_MS = 100;

export interface RunningProgram {
  readonly pid: number;
  readonly args: readonly string[];
}

/** Programs that name the folder in their arguments or in their environment. */
export async function programsOf(folder: string): Promise<RunningProgram[]> {
  const named: RunningProgram[] = [];
  for await (const { name } of Deno.readDir("/proc")) {
    if (!/^\d+$/.test(name) || Number(name) === Deno.pid) continue;
    const texts = ["cmdline", "environ"].map((file) =>
      Deno.readTextFile(`/proc/${name}/${file}`).catch(() => "")
    );
    const [args = "", environment = ""] = await Promise.all(texts);
    if (!`${args}${environment}`.includes(folder)) continue;
    named.push({ pid: Number(name), args: args.split("\0") });
  }
  return named;
}

async function filesOf(folder: string): Promise<string[]> {
  return (await Array.fromAsync(Deno.readDir(folder))).map(({ name }) => name)
    .filter((name) => name.startsWith("stanchion-"));
}

/** Waits until a run whose TMPDIR is the folder has left no program and no file. */
export async function assertNothingIsLeftIn(folder: string): Promise<void> {
  const deadline = performance.now() + GONE_DEADLINE_MS;
  for (;;) {
    const programs = (await programsOf(folder)).map(({ args }) => args.join(" "));
    const left = [...await filesOf(folder), ...programs];
    if (left.length === 0) return;
    assert.ok(performance.now() < deadline, `left behind:\n${left.join("\n")}`);
    await new Promise((resolve) => setTimeout(resolve, ASK_EVERY_MS));
  }
}
