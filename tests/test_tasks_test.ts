import { deepEqual, match, ok } from "node:assert/strict";
import { dirname, relative } from "node:path";
import { fileURLToPath } from "node:url";
import project from "../deno.json" with { type: "json" };

const ROOT = fileURLToPath(new URL("../", import.meta.url));
/** Names that `deno test` takes for test modules. */
const TEST_MODULE = /(?:^|[._])test\.(?:[cm]?[jt]s|[jt]sx)$/;

async function testModules(folder: string): Promise<string[]> {
  const found: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    const path = `${folder}/${name}`;
    if (name === "node_modules") continue;
    if (isDirectory) found.push(...await testModules(path));
    else if (TEST_MODULE.test(name)) found.push(relative(ROOT, path));
  }
  return found.sort();
}

/**
 * The first quick and the first long module of each folder: the tasks choose by these two. And
 * those that a task names, so that they start first.
 */
function representatives(modules: readonly string[], named: readonly string[]): string[] {
  const first = new Map(named.map((path) => [path, path]));
  for (const path of modules) {
    const kind = `${dirname(path)} ${path.endsWith("_full_test.ts")}`;
    if (!first.has(kind)) first.set(kind, path);
  }
  return [...new Set(first.values())].sort();
}

/** The words that the task gives to `deno test`, without the project's configuration. */
function testArguments(command: string): string[] {
  const [, words] = /&& deno test --no-check --config \S+ (.*)$/.exec(command)!;
  return words!.split(" ").map((word) => word.replaceAll("'", ""));
}

/** The test modules of a folder that Deno runs for this task. */
async function modulesRun(folder: string, command: string): Promise<string[]> {
  const { stdout, stderr, success } = await new Deno.Command(Deno.execPath(), {
    args: ["test", "--no-check", "--no-config", ...testArguments(command)],
    cwd: folder,
    env: { NO_COLOR: "1" },
  }).output();
  const text = new TextDecoder().decode(stdout);
  ok(success, `${text}\n${new TextDecoder().decode(stderr)}`);
  return [...text.matchAll(/^\.\/(\S+) => runs \.\.\. ok/gm)].map(([, path]) => path!).sort();
}

Deno.test("each test file belongs to exactly one of the tasks `test` and `test:full`", async () => {
  const modules = await testModules(`${ROOT}tests`);
  for (const path of modules) match(path, /_test\.ts$/);
  const folder = await Deno.makeTempDir({ prefix: "stanchion-tasks-" });
  try {
    const tasks = [project.tasks.test.command, project.tasks["test:full"].command];
    const named = tasks.flatMap(testArguments).filter((word) => modules.includes(word));
    const copied = representatives(modules, named);
    for (const path of copied) {
      await Deno.mkdir(`${folder}/${dirname(path)}`, { recursive: true });
      await Deno.writeTextFile(`${folder}/${path}`, 'Deno.test("runs", () => {});\n');
    }
    const [quick, full] = [
      await modulesRun(folder, tasks[0]!),
      await modulesRun(folder, tasks[1]!),
    ];
    deepEqual([...quick, ...full].sort(), copied);
    ok(full.every((path) => path.endsWith("_full_test.ts")));
    ok(quick.every((path) => !path.endsWith("_full_test.ts")));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("no test module lies outside of `tests`", async () => {
  deepEqual(await testModules(`${ROOT}src`), []);
});
