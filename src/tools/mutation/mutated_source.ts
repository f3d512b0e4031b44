import { dirname, relative } from "node:path";
import { fileURLToPath } from "node:url";
import type { Mutant } from "./mutant.ts";
import { type MutatedModule, mutatedModule } from "./schemata.ts";
import { createProgram, createTypeFilter } from "./type_filter.ts";

export const SRC = fileURLToPath(new URL("../../", import.meta.url));
const TOOLS_CONFIG = new URL("../deno.json", import.meta.url);

/** Mutated modules in a folder, and an import map by which a process takes them for the true ones. */
export interface MutatedSource {
  readonly mutants: readonly Mutant[];
  readonly importMap: string;
  /** An import map by which a process takes the module with this mutant alone for the true one. */
  withMutant(mutant: Mutant): Promise<string>;
}

/** `files` are paths below `root`. */
export async function writeMutatedSource(
  folder: string,
  files: readonly string[],
  root: string = SRC,
): Promise<MutatedSource> {
  const program = createProgram(files.map((file) => `${root}${file}`));
  const types = createTypeFilter(program.getTypeChecker());
  const mutants: Mutant[] = [];
  const modules = new Map<string, MutatedModule>();
  const libraries = await packages();
  const imports: Record<string, string> = {};
  for (const file of files) {
    const source = program.getSourceFile(`${root}${file}`);
    if (!source) throw new Error(`there is no ${root}${file}`);
    const module = mutatedModule(source, file, mutants.length + 1, types);
    modules.set(file, module);
    mutants.push(...module.mutants);
    await Deno.mkdir(`${folder}/${dirname(file)}`, { recursive: true });
    await Deno.writeTextFile(`${folder}/${file}`, module.code);
    imports[`file://${root}${file}`] = `file://${folder}/${file}`;
  }

  async function importMap(name: string, mutated: Record<string, string>): Promise<string> {
    const map = { imports: { ...libraries, ...mutated } };
    await Deno.writeTextFile(`${folder}/${name}`, JSON.stringify(map));
    return `${folder}/${name}`;
  }
  return {
    mutants,
    importMap: await importMap("all.json", imports),
    async withMutant(mutant) {
      const { id, file } = mutant;
      const path = `${folder}/mutant_${id}.ts`;
      await Deno.writeTextFile(path, modules.get(file)!.withMutant(mutant));
      return await importMap(`mutant_${id}.json`, { [`file://${root}${file}`]: `file://${path}` });
    },
  };
}

/** What the tests import by name, as the configuration of the tools says. */
async function packages(): Promise<Record<string, string>> {
  const { imports } = JSON.parse(await Deno.readTextFile(TOOLS_CONFIG));
  return Object.fromEntries(
    Object.entries<string>(imports).flatMap(([name, target]) =>
      target.startsWith(".")
        ? [[name, new URL(target, TOOLS_CONFIG).href]]
        // A plain import map needs an entry for the files of a package, too.
        : [[name, target], [`${name}/`, `${target.replace("npm:", "npm:/")}/`]]
    ),
  );
}

/** The files of these parts of the source, in the order of their names. */
export async function sourceFiles(parts: readonly string[]): Promise<string[]> {
  const files: string[] = [];
  for (const part of parts) {
    const info = await Deno.stat(`${SRC}${part}`);
    if (info.isFile) files.push(part);
    else {
      for await (const { name, isFile } of Deno.readDir(`${SRC}${part}`)) {
        if (isFile && name.endsWith(".ts")) files.push(`${part}/${name}`);
      }
    }
  }
  return files.sort();
}

/** The path below `src` of a path from the root of the repository or from the working folder. */
export function belowSrc(path: string): string {
  return relative(SRC, fileURLToPath(new URL(path, `file://${Deno.cwd()}/`)));
}
