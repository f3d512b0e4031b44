import type { Histories } from "./histories.ts";
import { mutate, withMutatedFunctions } from "./mutants.ts";
import type { Mutation } from "./mutations.ts";
import type { WholeHistory } from "./whole/acts.ts";
import { type Program, PROGRAM_FILES } from "./whole/program.ts";
import { createStage, wholeHistories } from "./whole/stage.ts";
import type { WorldDatabase } from "./whole/database.ts";

const SRC = new URL("../../src/", import.meta.url);
/** All that the API and its stores are made of. */
const PARTS = ["adapters", "application", "composition", "domain", "http", "ports"];

/** A copy of these parts, and of the settings beside them. */
async function copyProgram(folder: string): Promise<void> {
  async function copy(path: string): Promise<void> {
    await Deno.mkdir(`${folder}/${path}`, { recursive: true });
    for await (const { name, isFile } of Deno.readDir(new URL(path, SRC))) {
      if (!isFile) await copy(`${path}/${name}`);
      else await Deno.copyFile(new URL(`${path}/${name}`, SRC), `${folder}/${path}/${name}`);
    }
  }
  for (const part of PARTS) await copy(part);
  for await (const { name } of Deno.readDir(SRC)) {
    if (name.startsWith("config")) await Deno.copyFile(new URL(name, SRC), `${folder}/${name}`);
  }
}

/** Histories of a copy of the program in `folder`, without the guard that the mutation removes. */
export async function mutatedWhole(
  folder: string,
  mutation: Mutation | null,
  database: WorldDatabase,
): Promise<Histories<WholeHistory>> {
  await copyProgram(folder);
  const isSql = mutation?.file.endsWith(".sql") ?? false;
  if (mutation && !isSql) {
    const { mutated } = await mutate(mutation);
    const note = "// @ts-nocheck: broken on purpose\n";
    await Deno.writeTextFile(`${folder}/${mutation.file}`, `${note}${mutated}`);
  }
  const modules = await Promise.all(
    PROGRAM_FILES.map((file) => import(`file://${folder}/${file}`)),
  );
  const stage = await createStage(Object.assign({}, ...modules) as Program, database);
  const histories = wholeHistories(() => stage);
  if (!isSql) return histories;
  const { play } = histories;
  return {
    ...histories,
    play: (history) => withMutatedFunctions(database.sql, mutation!, () => play(history)),
  };
}
