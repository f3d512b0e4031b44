import { createRequire } from "node:module";
import { freePort } from "../free_port.ts";
import { startSupervisedProcess } from "../processes/supervised_process.ts";

export interface WorkerdOptions {
  /** The bundle: `worker/worker.js` and what it imports, and `assets/`. */
  readonly folder: string;
  readonly port: number;
  readonly compatibilityDate: string;
  readonly compatibilityFlags: readonly string[];
  /** What the Worker is given as its settings. */
  readonly settings: Readonly<Record<string, string>>;
  readonly onOutput: (text: string) => void;
}

export interface Workerd {
  /** Fires the Worker's `scheduled`, as the cron does. Throws when it fails. */
  fireCron(): Promise<void>;
  stop(): Promise<void>;
}

/** It comes with wrangler, and is found from there. */
const PROGRAM: string = createRequire(import.meta.resolve("wrangler"))("workerd").default;
const HOSTNAME = "127.0.0.1";
const START_DEADLINE_MS = 15_000;
const ASK_EVERY_MS = 20;
const MAIN_MODULE = "worker.js";
const CRON_MODULE = "cron.js";

/** A door of its own to `scheduled`: workerd by itself never fires it. */
const CRON = `import worker from "../${MAIN_MODULE}";
export default {
  async fetch(_request, env, context) {
    await worker.scheduled({ cron: "* * * * *" }, env, context);
    return new Response(null, { status: 204 });
  },
};
`;

/**
 * The bundled Worker in workerd, without a development proxy before it: up when this resolves.
 * Throws with workerd's own words when it does not start.
 */
export async function startWorkerd(parts: WorkerdOptions): Promise<Workerd> {
  const { folder, port, onOutput } = parts;
  const cronPort = freePort();
  await Deno.writeTextFile(`${folder}/worker/${CRON_MODULE}`, CRON);
  const configFile = `${folder}/worker/workerd-${port}.capnp`;
  await Deno.writeTextFile(configFile, await configOf(parts, cronPort));
  // The settings hold secrets.
  await Deno.chmod(configFile, 0o600);
  const kept = startSupervisedProcess({
    program: PROGRAM,
    args: ["serve", configFile],
    onOutput,
  });

  const fireCron = async () => {
    const response = await fetch(`http://${HOSTNAME}:${cronPort}/`);
    const said = await response.text();
    if (!response.ok) throw new Error(`the cron event failed: ${said}`);
  };
  try {
    await untilUp(port, kept.hasEnded);
  } catch (cause) {
    await kept.stop();
    throw new Error(`workerd did not start on port ${port}:\n${kept.log()}`, { cause });
  }
  return { fireCron, stop: kept.stop };
}

async function untilUp(port: number, hasEnded: () => boolean): Promise<void> {
  const deadline = performance.now() + START_DEADLINE_MS;
  while (performance.now() < deadline) {
    if (hasEnded()) throw new Error("it ended at once");
    const up = await fetch(`http://${HOSTNAME}:${port}/healthz`).then(async (response) => {
      await response.body?.cancel();
      return true;
    }, () => false);
    if (up) return;
    await new Promise((resolve) => setTimeout(resolve, ASK_EVERY_MS));
  }
  throw new Error(`it was not up in ${START_DEADLINE_MS} ms`);
}

/** Two services of one Worker: what the API's port reaches, and what the cron's port reaches. */
async function configOf(parts: WorkerdOptions, cronPort: number): Promise<string> {
  const modules: { name: string; entry: string }[] = [];
  for await (const { name } of Deno.readDir(`${parts.folder}/worker`)) {
    const kind = name.endsWith(".js") ? "esModule" : name.endsWith(".lua") ? "text" : null;
    if (!kind) continue;
    modules.push({ name, entry: `(name = ${quoted(name)}, ${kind} = embed ${quoted(name)})` });
  }
  const bindings = [
    `(name = "ASSETS", service = "assets")`,
    ...Object.entries(parts.settings).map(([name, value]) =>
      `(name = ${quoted(name)}, text = ${quoted(value)})`
    ),
  ];
  /** The first module is the one that is run. */
  const modulesFrom = (main: string) =>
    modules.toSorted((a, b) => Number(b.name === main) - Number(a.name === main))
      .map(({ entry }) => entry).join(", ");
  const worker = (main: string) =>
    `(
    modules = [${modulesFrom(main)}],
    compatibilityDate = ${quoted(parts.compatibilityDate)},
    compatibilityFlags = [${parts.compatibilityFlags.map(quoted).join(", ")}],
    bindings = [${bindings.join(", ")}],
    globalOutbound = "network",
  )`;
  return `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "api", worker = ${worker(MAIN_MODULE)}),
    (name = "cron", worker = ${worker(CRON_MODULE)}),
    (name = "assets", disk = ${quoted(`${parts.folder}/assets`)}),
    (name = "network", network = (allow = ["private", "public"], tlsOptions = (trustBrowserCas = true))),
  ],
  sockets = [
    (name = "api", address = "${HOSTNAME}:${parts.port}", http = (), service = "api"),
    (name = "cron", address = "${HOSTNAME}:${cronPort}", http = (), service = "cron"),
  ],
);
`;
}

/** A text of Cap'n Proto's schema language: JSON's escapes, but for characters beyond ASCII. */
function quoted(text: string): string {
  const escaped = (character: string) =>
    [...new TextEncoder().encode(character)]
      .map((byte) => `\\x${byte.toString(16).padStart(2, "0")}`).join("");
  return JSON.stringify(text).replaceAll(/[^\x20-\x7e]/gu, escaped);
}
