import { fileURLToPath } from "node:url";
import { type OwnServer, startOwnServer } from "../../../src/tools/load_test/own_server.ts";
import { runArguments } from "../../../src/tools/run_arguments.ts";

const MAIN = fileURLToPath(new URL("../../../src/tools/load_test/main.ts", import.meta.url));
export const ADMIN_TOKEN = "operator-of-the-rush-test";
const USER_JWT_SECRET = "a-secret-of-the-rush-test-long-enough";
/** What `--base` needs for the server of `startTestServer()`. ADMIN_TOKEN also has a name. */
export const RUSH_ENVIRONMENT = { ADMIN_TOKEN: `rush:${ADMIN_TOKEN}`, USER_JWT_SECRET };

export interface RushRun {
  readonly code: number;
  /** Of both outputs. */
  readonly text: string;
}

export function spawnRush(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Deno.ChildProcess {
  return new Deno.Command(Deno.execPath(), {
    args: runArguments(MAIN, ...args),
    env: { ...env, NO_COLOR: "1" },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
}

/** Waits for the end of a rush. Its own time limit ends a rush that hangs. */
export async function awaitRush(child: Deno.ChildProcess): Promise<RushRun> {
  const { code, stdout, stderr } = await child.output();
  const decoder = new TextDecoder();
  return { code, text: decoder.decode(stdout) + decoder.decode(stderr) };
}

export function startTestServer(
  capacity = 5,
  settings: Readonly<Record<string, string>> = {},
): Promise<OwnServer> {
  return startOwnServer({
    fans: 1,
    capacity,
    settings,
    adminToken: ADMIN_TOKEN,
    userJwtSecret: USER_JWT_SECRET,
    environment: Deno.env.toObject(),
  });
}
