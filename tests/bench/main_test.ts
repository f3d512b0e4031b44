import assert from "node:assert/strict";
import { readArguments } from "./arguments.ts";
import { runBench } from "./main.ts";
import { SECTIONS } from "./sections.ts";

const NAMES = Object.keys(SECTIONS);

Deno.test("readArguments() runs every section unless some are named", () => {
  assert.deepEqual(readArguments([], SECTIONS), {
    kind: "RUN",
    sections: NAMES,
    scale: "full",
    jsonFile: null,
  });
  const args = ["--only", "promotion,memoryQueue", "--json", "out.json", "--smoke"];
  assert.deepEqual(readArguments(args, SECTIONS), {
    kind: "RUN",
    sections: ["memoryQueue", "promotion"],
    scale: "smoke",
    jsonFile: "out.json",
  });
});

Deno.test("readArguments() refuses an unknown section or option with the list of sections", () => {
  for (const args of [["--only", "memoryQueue,nothing"], ["--only", ""], ["--fast"], ["x"]]) {
    const asked = readArguments(args, SECTIONS);
    assert(asked.kind === "STOP");
    assert.equal(asked.exitCode, 2);
    for (const name of NAMES) assert(asked.message.includes(name), name);
  }
});

Deno.test("readArguments() lists the sections and what they measure for --help", () => {
  const asked = readArguments(["--help"], SECTIONS);
  assert(asked.kind === "STOP");
  assert.equal(asked.exitCode, 0);
  for (const [name, { about }] of Object.entries(SECTIONS)) {
    assert.match(asked.message, new RegExp(`^  ${name} +${RegExp.escape(about)}$`, "m"));
  }
});

Deno.test("runBench() writes the figures of the named sections as JSON", async () => {
  const file = await Deno.makeTempFile({ suffix: ".json" });
  try {
    assert.equal(await runBench(["--smoke", "--only", "memoryQueue", "--json", file]), 0);
    const written = JSON.parse(await Deno.readTextFile(file));
    assert.deepEqual(Object.keys(written), ["machine", "memoryQueue", "seconds"]);
    assert(written.memoryQueue[0].us.nearPoll.median > 0);
  } finally {
    await Deno.remove(file);
  }
});
