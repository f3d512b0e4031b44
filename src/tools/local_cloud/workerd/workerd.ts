import { createRequire } from "node:module";
import { freePort } from "../free_port.ts";
import { startSupervisedProcess } from "../processes/supervised_process.ts";
import type { WorkerdSettings } from "./wrangler_settings.ts";

export interface WorkerdOptions extends WorkerdSettings {
  /** The bundle: `worker/worker.js` and what it imports, and `assets/`. */
  readonly folder: string;
  readonly port: number;
  /** Text bindings of the Worker. */
  readonly settings: Readonly<Record<string, string>>;
  readonly onOutput: (text: string) => void;
}

export interface Workerd {
  /** Calls the Worker's `scheduled`, as the cron does. Throws when it fails. */
  fireCron(): Promise<void>;
  stop(): Promise<void>;
}

/** A dependency of wrangler, so it is resolved from there. */
const PROGRAM: string = createRequire(import.meta.resolve("wrangler"))("workerd").default;
const HOSTNAME = "127.0.0.1";
const START_DEADLINE_MS = 15_000;
const ASK_EVERY_MS = 20;
const MAIN_MODULE = "worker.js";
const CRON_MODULE = "cron.js";

/** A module that calls `scheduled`: workerd itself never does. */
const CRON = `import worker from "./${MAIN_MODULE}";
export default {
  async fetch(_request, env, context) {
    await worker.scheduled({ cron: "* * * * *" }, env, context);
    return new Response(null, { status: 204 });
  },
};
`;

/**
 * The bundled Worker in workerd, without a development proxy. It is up when this resolves. Throws
 * an error with workerd's log when it does not start.
 */
export async function startWorkerd(options: WorkerdOptions): Promise<Workerd> {
  const { folder, port, onOutput } = options;
  const cronPort = freePort();
  await Deno.writeTextFile(`${folder}/worker/${CRON_MODULE}`, CRON);
  const configFile = `${folder}/worker/workerd-${port}.capnp`;
  await Deno.writeTextFile(configFile, await configText(options, cronPort));
  // The settings hold secrets.
  await Deno.chmod(configFile, 0o600);
  const workerd = startSupervisedProcess({
    program: PROGRAM,
    args: ["serve", configFile],
    onOutput,
  });

  const fireCron = async () => {
    const response = await fetch(`http://${HOSTNAME}:${cronPort}/`);
    const text = await response.text();
    if (!response.ok) throw new Error(`the cron event failed: ${text}`);
  };
  try {
    await waitUntilUp(port, workerd.hasEnded);
  } catch (cause) {
    await workerd.stop();
    throw new Error(`workerd did not start on port ${port}:\n${workerd.log()}`, { cause });
  }
  return { fireCron, stop: workerd.stop };
}

async function waitUntilUp(port: number, hasEnded: () => boolean): Promise<void> {
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

/** Two services with the same modules: one behind the API's port, one behind the cron's port. */
async function configText(options: WorkerdOptions, cronPort: number): Promise<string> {
  const modules: { name: string; entry: string }[] = [];
  for await (const { name } of Deno.readDir(`${options.folder}/worker`)) {
    const kind = name.endsWith(".js") ? "esModule" : name.endsWith(".lua") ? "text" : null;
    if (!kind) continue;
    modules.push({ name, entry: `(name = ${quoted(name)}, ${kind} = embed ${quoted(name)})` });
  }
  const bindings = [
    `(name = "ASSETS", service = "assets")`,
    ...Object.entries(options.settings).map(([name, value]) =>
      `(name = ${quoted(name)}, text = ${quoted(value)})`
    ),
  ];
  /** workerd runs the first module. */
  const modulesFrom = (main: string) =>
    modules.toSorted((a, b) => Number(b.name === main) - Number(a.name === main))
      .map(({ entry }) => entry).join(", ");
  const worker = (main: string) =>
    `(
    modules = [${modulesFrom(main)}],
    compatibilityDate = ${quoted(options.compatibilityDate)},
    compatibilityFlags = [${options.compatibilityFlags.map(quoted).join(", ")}],
    bindings = [${bindings.join(", ")}],
    globalOutbound = "network",
  )`;
  return `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "api", worker = ${worker(MAIN_MODULE)}),
    (name = "cron", worker = ${worker(CRON_MODULE)}),
    (name = "assets", disk = ${quoted(`${options.folder}/assets`)}),
    (name = "network", network = (allow = ["private", "public"], tlsOptions = (trustBrowserCas = true))),
  ],
  sockets = [
    (name = "api", address = "${HOSTNAME}:${options.port}", http = (), service = "api"),
    (name = "cron", address = "${HOSTNAME}:${cronPort}", http = (), service = "cron"),
  ],
);
`;
}

/** A string literal of Cap'n Proto: JSON's escapes, with bytes for characters beyond ASCII. */
function quoted(text: string): string {
  const escaped = (character: string) =>
    [...new TextEncoder().encode(character)]
      .map((byte) => `\\x${byte.toString(16).padStart(2, "0")}`).join("");
  return JSON.stringify(text).replaceAll(/[^\x20-\x7e]/gu, escaped);
}
