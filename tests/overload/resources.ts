import pg from "pg";
import { createRedisConnection } from "../../src/tools/local_cloud/redis/connection.ts";
import type { EdgeRun } from "../tools/local_cloud/edge/edge_run.ts";
import { programsOf } from "../tools/local_cloud/edge/left_behind.ts";

/** What the engines hold at one moment. */
export interface Resources {
  /** Resident memory in MB. */
  readonly workerd: number;
  readonly redis: number;
  /** Connections that PostgreSQL serves. */
  readonly connections: number;
}

export interface Probe {
  read(): Promise<Resources>;
  close(): Promise<void>;
}

/** Asks the engines themselves, and the system about workerd; `folder` is TMPDIR of the run. */
export async function probe({ ports, output }: EdgeRun, folder: string): Promise<Probe> {
  const redis = createRedisConnection({ hostname: "127.0.0.1", port: ports[1]! });
  const [connectionString] = /postgres(?:ql)?:\/\/\S+/.exec(output)!;
  const postgres = new pg.Client({ connectionString });
  await postgres.connect();
  const programs = await programsOf(folder);
  const workerd = programs.find(({ args }) => args[0]!.split("/").at(-1) === "workerd")!;
  return {
    async read() {
      const status = await Deno.readTextFile(`/proc/${workerd.pid}/status`);
      const [memory] = await redis.send([["INFO", "memory"]]);
      const { rows: [row] } = await postgres.query(
        "select count(*)::int as n from pg_stat_activity where backend_type = 'client backend'",
      );
      return {
        workerd: Math.round(Number(/^VmRSS:\s+(\d+) kB/m.exec(status)![1]) / 1024),
        redis: Math.round(Number(/^used_memory_rss:(\d+)/m.exec(String(memory))![1]) / 2 ** 20),
        connections: row.n,
      };
    },
    async close() {
      redis.close();
      await postgres.end();
    },
  };
}

/** More than this beside the growth that is allowed is noise of the engines. */
const NOISE_MB = 64;
const MOST_GROWTH = 1.5;
const MORE_CONNECTIONS = 4;

/** The median of the last quarter against that of the second one, as texts about what grows. */
export function growing(samples: readonly Resources[]): string[] {
  const quarter = Math.floor(samples.length / 4);
  if (quarter === 0) throw new Error("a phase has too few samples");
  const early = samples.slice(quarter, 2 * quarter);
  const late = samples.slice(-quarter);
  return (["workerd", "redis", "connections"] as const).flatMap((name) => {
    const [before, after] = [early, late].map((part) => median(part.map((each) => each[name])));
    const most = name === "connections"
      ? before! + MORE_CONNECTIONS
      : before! * MOST_GROWTH + NOISE_MB;
    return after! > most ? [`${name} grows: ${before} to ${after}`] : [];
  });
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((one, other) => one - other);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}
