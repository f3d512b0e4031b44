import { match, ok } from "node:assert/strict";
import { startSupervisedProcess } from "../../../../src/tools/local_cloud/processes/supervised_process.ts";
import { waitUntil } from "../../../support/wait.ts";

/** So many that some print as soon as they are forked. */
const PROGRAMS = 40;

Deno.test("the pid is the first line, however early the program prints", async () => {
  const programs = Array.from(
    { length: PROGRAMS },
    () => startSupervisedProcess({ program: "echo", args: ["early"] }),
  );
  try {
    for (const program of programs) {
      const pid = await program.pid();
      ok(Number.isInteger(pid), `${pid} is no pid`);
    }
  } finally {
    await Promise.all(programs.map((program) => program.stop()));
  }
  for (const program of programs) match(program.log(), /^early\n$/);
});

Deno.test("the log says that a program does not exist", async () => {
  const program = startSupervisedProcess({ program: "/nowhere/program", args: [] });
  await waitUntil("the message of the shell", () => program.log().includes("\n"));
  await program.stop();
  match(program.log(), /\/nowhere\/program.*not found/);
});
