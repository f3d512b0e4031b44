import { equal, match } from "node:assert/strict";
import { type CommandsPerRequest, openMemoryLine } from "./memory_line.ts";
import { everybodySale } from "./plan.ts";
import { billTable, describePlan, kindsTable, lawsTable, spansTable } from "./report.ts";
import { playSale } from "./sale.ts";
import { type Kind, KINDS } from "./traffic.ts";

const TEN_EACH = Object.fromEntries(KINDS.map((kind) => [kind, 10])) as Record<Kind, number>;
const SIZE = { megabytes: 100, gigabytes: 1 };

Deno.test("a report tells the laws, the commands by kind and time, and the bill", async () => {
  const plan = {
    ...everybodySale({ fans: 1_000, seed: 1, sharesFronts: true }),
    untilMs: 1_800_000,
  };
  const open = (options: Parameters<typeof openMemoryLine>[0]) =>
    openMemoryLine(options, TEN_EACH satisfies CommandsPerRequest);
  const result = await playSale(plan, open);
  const { store, commands } = result.traffic;
  for (const kind of KINDS) equal(Math.round(commands.sum(kind)), Math.round(10 * store.sum(kind)));
  match(describePlan(plan), /1,000 fans join over 60 minutes; seed 1\./);
  match(lawsTable(result), /overtaken or parked/);
  for (const kind of KINDS) match(kindsTable(result.traffic, plan.fans), new RegExp(kind));
  match(spansTable(result), /0–3 /);
  match(billTable(result, plan.fans, SIZE), /fixed plan of 250 MB/);
});

Deno.test("the played calls of a tenth of the shoppers count ten times", async () => {
  const plan = {
    ...everybodySale({ fans: 1_000, seed: 1, sharesFronts: true }),
    untilMs: 1_800_000,
  };
  const all = (await playSale({ ...plan, shoppers: 1 }, openMemoryLine)).traffic;
  const tenth = (await playSale({ ...plan, shoppers: 0.1 }, openMemoryLine)).traffic;
  const ratio = tenth.store.sum("shopping") / all.store.sum("shopping");
  match(ratio.toFixed(1), /^(0\.[6-9]|1\.[0-4])$/, `${ratio}`);
});
