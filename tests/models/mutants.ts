import { ok } from "node:assert/strict";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import type { Sql } from "../../src/adapters/postgres/sql.ts";
import type { Mutation } from "./mutations.ts";

const SRC = fileURLToPath(new URL("../../src/", import.meta.url));
/** Parts that use no library, and so run from any folder; of Redis, its scripts and their makers. */
const PURE = [
  "domain",
  "ports",
  "application",
  "adapters/memory",
  "adapters/node_crypto",
  "adapters/upstash",
  "adapters/upstash/lua/queue",
  "adapters/upstash/lua/shared",
];

/** The source with that guard taken out. Fails when it is not there, so that no control rots. */
export async function mutate({ guard, file, text, replacement }: Mutation) {
  const original = await Deno.readTextFile(`${SRC}${file}`);
  const found = original.split(text).length - 1;
  ok(found === 1, `"${guard}": ${file} has its text ${found} times, not once:\n${text}`);
  return { original, mutated: original.replace(text, () => replacement) };
}

/** A copy of the pure parts of the source, mutated or not, to import modules from. */
export async function pureCopy(folder: string, mutation: Mutation | null) {
  for (const part of PURE) {
    await Deno.mkdir(`${folder}/${part}`, { recursive: true });
    for await (const { name, isFile } of Deno.readDir(`${SRC}${part}`)) {
      if (isFile) await Deno.copyFile(`${SRC}${part}/${name}`, `${folder}/${part}/${name}`);
    }
  }
  if (mutation) {
    ok(PURE.includes(dirname(mutation.file)), `${mutation.file} is not among the pure parts`);
    const { mutated } = await mutate(mutation);
    const note = mutation.file.endsWith(".ts") ? "// @ts-nocheck: broken on purpose\n" : "";
    await Deno.writeTextFile(`${folder}/${mutation.file}`, `${note}${mutated}`);
  }
  return async <Module>(file: string): Promise<Module> => await import(`file://${folder}/${file}`);
}

/** Runs `act` while the database has the mutated functions instead of the true ones. */
export async function withMutatedFunctions<Outcome>(
  sql: Sql,
  mutation: Mutation,
  act: () => Promise<Outcome>,
): Promise<Outcome> {
  const { original, mutated } = await mutate(mutation);
  const before = functionsOf(original);
  const changed = functionsOf(mutated).filter((text) => !before.includes(text));
  ok(changed.length === 1, `"${mutation.guard}" changes ${changed.length} functions`);
  await sql(changed[0]!, []);
  try {
    return await act();
  } finally {
    for (const text of before) await sql(text, []);
  }
}

function functionsOf(migration: string): string[] {
  return [...migration.matchAll(/^create (function [^]*?\$\$[^]*?\$\$;)$/gm)]
    .map(([, text]) => `create or replace ${text}`);
}
