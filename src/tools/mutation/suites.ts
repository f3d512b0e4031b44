import type { Suite } from "./suite_run.ts";

const TESTS = new URL("../../../tests/", import.meta.url);

/** Tests that need a database in this process: they run last. */
const WITH_DATABASE = [
  "tests/application/webhook_delivery_test.ts",
  "tests/application/room_removal_test.ts",
];

/** In the order in which they run: what survives one suite goes to the next. */
export async function mutationSuites(): Promise<Suite[]> {
  const application = await testFiles("application");
  const memory = application.filter((file) => !WITH_DATABASE.includes(file));
  return [
    { name: "domain", files: await testFiles("domain") },
    {
      name: "memory",
      files: [
        ...memory,
        ...await testFiles("adapters/memory"),
        "tests/config_test.ts",
        "tests/http/line_answer_test.ts",
        "tests/pages/line_words_test.ts",
        "tests/models/seat_statuses_test.ts",
        "tests/models/cache_test.ts",
      ],
    },
    { name: "line", files: ["tests/models/line_test.ts"] },
    { name: "sales", files: ["tests/scenarios/embedded_test.ts", ...WITH_DATABASE] },
  ];
}

async function testFiles(folder: string): Promise<string[]> {
  const files: string[] = [];
  for await (const { name } of Deno.readDir(new URL(folder, TESTS))) {
    if (name.endsWith("_test.ts") && !name.endsWith("_full_test.ts")) {
      files.push(`tests/${folder}/${name}`);
    }
  }
  return files.sort();
}
