import { freePort } from "../../../../src/tools/local_cloud/free_port.ts";
import { testOfRealRedis } from "../../../support/redis.ts";
import { PROGRAM } from "./edge_run.ts";
import { assertNothingIsLeftIn } from "./left_behind.ts";
import { runArguments } from "../../../../src/tools/run_arguments.ts";

/**
 * While the Worker is bundled, the engines start and workerd starts, on a quick machine or a slow.
 * A start that is asked to end does so once it is up, which takes longer.
 */
const MOMENTS_MS = {
  SIGKILL: [300, 700, 1200, 2000, 3000, 4500, 7000],
  SIGTERM: [700, 3000],
  SIGINT: [700, 3000],
} as const;

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
    await assertNothingIsLeftIn(folder);
    await Deno.remove(folder, { recursive: true });
  });
}
