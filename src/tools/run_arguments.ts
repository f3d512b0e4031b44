import { fileURLToPath } from "node:url";

const CONFIG = fileURLToPath(new URL("./deno.json", import.meta.url));

/**
 * The arguments with which Deno runs a program of this repository: with the import map of the
 * tools, which names every package.
 */
export function runArguments(program: string, ...args: readonly string[]): string[] {
  return ["run", "-A", "--config", CONFIG, program, ...args];
}
