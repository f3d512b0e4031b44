import assert from "node:assert/strict";
import { freePort } from "../../../../src/tools/local_cloud/free_port.ts";
import { testOfRealRedis } from "../../../support/redis.ts";
import { PROGRAM } from "./edge_run.ts";
import { runArguments } from "../../../../src/tools/run_arguments.ts";

/** A guard against endless waiting, not a limit of speed. */
const GONE_DEADLINE_MS = 300_000;
const ASK_EVERY_MS = 100;
/**
 * While the Worker is bundled, the engines start and workerd starts, on a quick machine or a slow.
 * A start that is asked to end does so once it is up, which takes longer.
 */
const MOMENTS_MS = {
  SIGKILL: [300, 700, 1200, 2000, 3000, 4500, 7000],
  SIGTERM: [700, 3000],
  SIGINT: [700, 3000],
} as const;

/** Programs that name the folder in their arguments or in their environment. */
async function programsOf(folder: string): Promise<string[]> {
  const named: string[] = [];
  for await (const { name } of Deno.readDir("/proc")) {
    if (!/^\d+$/.test(name) || Number(name) === Deno.pid) continue;
    const texts = ["cmdline", "environ"].map((file) =>
      Deno.readTextFile(`/proc/${name}/${file}`).catch(() => "")
    );
    const [args = "", environment = ""] = await Promise.all(texts);
    if (`${args}${environment}`.includes(folder)) named.push(args.replaceAll("\0", " "));
  }
  return named;
}

async function filesOf(folder: string): Promise<string[]> {
  return (await Array.fromAsync(Deno.readDir(folder))).map(({ name }) => name)
    .filter((name) => name.startsWith("stanchion-"));
}

for (const signal of Object.keys(MOMENTS_MS) as (keyof typeof MOMENTS_MS)[]) {
  testOfRealRedis(`an \`edge\` that gets a ${signal} at any moment leaves nothing`, async () => {
    const folder = await Deno.makeTempDir();
    await Deno.chmod(folder, 0o755);
    for (const moment of MOMENTS_MS[signal]) {
      const child = new Deno.Command(Deno.execPath(), {
        args: runArguments(PROGRAM),
        env: { TMPDIR: folder, PORT: String(freePort()) },
        stdin: "null",
        stdout: "null",
        stderr: "null",
      }).spawn();
      await new Promise((resolve) => setTimeout(resolve, moment));
      child.kill(signal);
      await child.status;
    }
    const deadline = performance.now() + GONE_DEADLINE_MS;
    for (;;) {
      const left = [...await filesOf(folder), ...await programsOf(folder)];
      if (left.length === 0) break;
      assert.ok(performance.now() < deadline, `left behind:\n${left.join("\n")}`);
      await new Promise((resolve) => setTimeout(resolve, ASK_EVERY_MS));
    }
    await Deno.remove(folder, { recursive: true });
  });
}
