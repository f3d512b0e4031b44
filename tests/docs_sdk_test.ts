import { equal, match, ok } from "node:assert/strict";
import { runArguments } from "../src/tools/run_arguments.ts";
import { codeBlocks, readDocument } from "./support/documents.ts";
import { signIn, start } from "./support/local_run.ts";

const PRINTED_URL = "https://tickets.example.com";
const PRINTED_TOKEN = "jwtOfTheFan";

Deno.test("scenario: the program in docs/sdk.md compiles strictly, and buys two seats", async () => {
  const blocks = codeBlocks(readDocument("docs/sdk.md")).filter(({ language }) =>
    language === "ts"
  );
  const text = blocks.map(({ text }) => text).join("\n");
  ok(text.includes(PRINTED_URL) && text.includes(PRINTED_TOKEN));
  await using run = await start();
  const program = await Deno.makeTempFile({ prefix: "stanchion-sdk-", suffix: ".ts" });
  try {
    const token = JSON.stringify(await signIn(run, "reader of the page"));
    await Deno.writeTextFile(
      program,
      text.replace(PRINTED_URL, run.base).replace(PRINTED_TOKEN, token) +
        "\nconsole.log(`paid ${paid.data!.totalAmount}`);\nhall.stop();\nplace.stop();\n",
    );
    const [command, ...others] = runArguments(program);
    const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: [command!, "--check", ...others],
      env: { NO_COLOR: "1" },
    }).output();
    const [out, errors] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
    equal(code, 0, errors!);
    match(out!, /^40 seats$/m);
    match(out!, /^PAID$/m, "the second payment is refused");
    match(out!, /^paid 280000$/m);
  } finally {
    await Deno.remove(program);
  }
});
