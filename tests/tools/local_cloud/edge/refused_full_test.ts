import assert from "node:assert/strict";
import { freePort } from "../../../../src/tools/local_cloud/free_port.ts";
import { runArguments } from "../../../../src/tools/run_arguments.ts";
import { testOfRealRedis } from "../../../support/redis.ts";
import { waitUntil, withoutHang } from "../../../support/wait.ts";
import { PROGRAM } from "./edge_run.ts";
import { assertNothingIsLeftIn, programsOf } from "./left_behind.ts";

interface Edge {
  readonly child: Deno.ChildProcess;
  /** TMPDIR of the run. */
  readonly folder: string;
}

/** Starts the program on this port, and checks that its end leaves nothing. */
async function withEdge(port: number, run: (edge: Edge) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  await Deno.chmod(folder, 0o755);
  const child = new Deno.Command(Deno.execPath(), {
    args: runArguments(PROGRAM),
    env: { TMPDIR: folder, PORT: String(port), NO_COLOR: "1" },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  try {
    await run({ child, folder });
  } finally {
    try {
      child.kill("SIGKILL");
    } catch {
      // It has ended already.
    }
    await assertNothingIsLeftIn(folder);
    await Deno.remove(folder, { recursive: true });
  }
}

testOfRealRedis("`edge` on a port of another server ends with 1, and names the port", async () => {
  await using other = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, () => {
    return new Response("another server");
  });
  const { port } = other.addr;
  await withEdge(port, async ({ child, folder }) => {
    const { code, stdout, stderr } = await withoutHang("the refusal to start", child.output());
    const text = new TextDecoder().decode(stderr);
    assert.equal(code, 1, text);
    assert.equal(text, `Port ${port} is in use by another process. Set PORT to another one.\n`);
    assert.equal(stdout.length, 0, "no welcome, and no secrets");
    await assertNothingIsLeftIn(folder);
  });
});

testOfRealRedis("the end of workerd ends `edge` with 1", async () => {
  await withEdge(freePort(), async ({ child, folder }) => {
    const output = new Response(child.stderr).text();
    const reader = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
    let welcome = "";
    await waitUntil("the welcome", async () => {
      const { value = "", done } = await reader.read();
      assert.ok(!done, `it did not start: ${welcome}`);
      welcome += value;
      return welcome.includes("redis-server on port");
    });
    await reader.cancel();
    const isWorkerd = (args: readonly string[]) => args[0]?.endsWith("/workerd");
    const workerd = (await programsOf(folder)).filter(({ args }) => isWorkerd(args));
    assert.equal(workerd.length, 1);
    Deno.kill(workerd[0]!.pid, "SIGKILL");
    const { code } = await withoutHang("the end of the program", child.status);
    assert.equal(code, 1);
    assert.match(await output, /workerd ended by itself/);
    await assertNothingIsLeftIn(folder);
  });
});
