import { createRequire } from "node:module";
import project from "../../src/tools/deno.json" with { type: "json" };
import { findPostgresBinaries } from "../../src/tools/local_cloud/postgres/binaries.ts";

/** Packages that the figures are about; their versions are those of src/tools/deno.json. */
const PACKAGES = [
  "hono",
  "@hono/zod-openapi",
  "zod",
  "@upstash/redis",
  "@neondatabase/serverless",
  "@electric-sql/pglite",
  "pg",
  "wrangler",
] as const;

/** What the figures were measured on. */
export interface Machine {
  readonly os: string;
  readonly cores: number;
  readonly memoryGiB: number;
  /** Average of the last minute, before the first section. */
  readonly load: number;
  /** By program or package; null for a program that is not installed. */
  readonly versions: Readonly<Record<string, string | null>>;
}

export async function describeMachine(): Promise<Machine> {
  const { deno, v8 } = Deno.version;
  const { pg_ctl: pgCtl } = await findPostgresBinaries();
  return {
    os: Deno.osRelease(),
    cores: navigator.hardwareConcurrency,
    memoryGiB: Math.round(Deno.systemMemoryInfo().total / 2 ** 30),
    load: Deno.loadavg()[0]!,
    versions: {
      deno,
      v8,
      redis: await versionOf("redis-server"),
      postgres: await versionOf(pgCtl),
      workerd: createRequire(import.meta.resolve("wrangler"))("workerd").version as string,
      ...Object.fromEntries(
        PACKAGES.map((name) => [name, project.imports[name].split("@").at(-1)!]),
      ),
    },
  };
}

async function versionOf(program: string): Promise<string | null> {
  try {
    const { stdout } = await new Deno.Command(program, { args: ["--version"] }).output();
    return /\d+(\.\d+)+/.exec(new TextDecoder().decode(stdout))?.[0] ?? null;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}
