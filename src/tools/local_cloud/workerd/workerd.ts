import { createRequire } from "node:module";
import { loopbackAddresses } from "../../../local/loopback.ts";
import { assertPortIsFree } from "../../../local/port_in_use.ts";
import { freePort } from "../free_port.ts";
import { startSupervisedProcess, type SupervisedProcess } from "../processes/supervised_process.ts";
import type { WorkerdSettings } from "./wrangler_settings.ts";

export interface WorkerdOptions extends WorkerdSettings {
  /** The bundle: `worker/worker.js` and what it imports, and `assets/`. */
  readonly folder: string;
  readonly port: number;
  /** Text bindings of the Worker. */
  readonly settings: Readonly<Record<string, string>>;
  /** Called with what it prints, from the moment that it is up. */
  readonly onOutput: (text: string) => void;
}

/** The program does not start, or ends by itself. */
export class WorkerdError extends Error {
  override readonly name = "WorkerdError";
}

export interface Workerd {
  /** Resolves when it has ended, by itself or by `stop()`. */
  readonly ended: Promise<void>;
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
/** On its control channel, workerd prints such a line for each socket after the bind. */
const LISTEN_LINES = /^\{"event":"listen",.*\}\n/gm;

/** As Cloudflare, it sets the address of the caller in the place of what the caller sent. */
const CLOUDFLARE_HEADERS =
  `injectRequestHeaders = [(name = "CF-Connecting-IP", value = "${HOSTNAME}")]`;

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
 * `PortInUseError`, and `WorkerdError` with workerd's log when it does not start.
 */
export async function startWorkerd(options: WorkerdOptions): Promise<Workerd> {
  const { folder, port, onOutput } = options;
  const cronPort = freePort();
  const sockets = socketsAt(options.port, cronPort);
  await Deno.writeTextFile(`${folder}/worker/${CRON_MODULE}`, CRON);
  const configFile = `${folder}/worker/workerd-${port}.capnp`;
  await Deno.writeTextFile(configFile, await configText(options, sockets));
  // The settings hold secrets.
  await Deno.chmod(configFile, 0o600);
  let isUp = false;
  let early = "";
  const workerd = startSupervisedProcess({
    program: PROGRAM,
    args: ["serve", "--control-fd=1", configFile],
    onOutput(text) {
      if (isUp) onOutput(text);
      else early += text;
    },
  });
  // Another server may answer on the port, so an answer alone does not prove the bind.
  const listens = () =>
    sockets.every(({ name }) => early.includes(`{"event":"listen","socket":"${name}",`));

  const fireCron = async () => {
    const response = await fetch(`http://${HOSTNAME}:${cronPort}/`);
    const text = await response.text();
    if (!response.ok) throw new Error(`the cron event failed: ${text}`);
  };
  try {
    await waitUntilUp(port, workerd, listens);
  } catch (cause) {
    await workerd.stop();
    assertPortIsFree(port);
    const log = early.replaceAll(LISTEN_LINES, "");
    const reason = (cause as Error).message;
    throw new WorkerdError(`workerd did not start on port ${port}: ${reason}\n${log}`, { cause });
  }
  isUp = true;
  const unprinted = early.replaceAll(LISTEN_LINES, "");
  if (unprinted !== "") onOutput(unprinted);
  return { fireCron, ended: workerd.ended, stop: workerd.stop };
}

async function waitUntilUp(
  port: number,
  workerd: SupervisedProcess,
  listens: () => boolean,
): Promise<void> {
  const deadline = performance.now() + START_DEADLINE_MS;
  while (performance.now() < deadline) {
    if (workerd.hasEnded()) throw new Error("it ended at once");
    const up = listens() &&
      await fetch(`http://${HOSTNAME}:${port}/healthz`).then(async (response) => {
        await response.body?.cancel();
        return true;
      }, () => false);
    if (up) return;
    await new Promise((resolve) => setTimeout(resolve, ASK_EVERY_MS));
  }
  throw new Error(`it was not up in ${START_DEADLINE_MS} ms`);
}

interface Socket {
  readonly name: string;
  readonly address: string;
  readonly service: "api" | "cron";
}

/** The API listens on each address of `localhost`. */
function socketsAt(port: number, cronPort: number): Socket[] {
  const ofApi = loopbackAddresses().map((hostname): Socket => ({
    name: `api ${hostname}`,
    address: hostname.includes(":") ? `[${hostname}]:${port}` : `${hostname}:${port}`,
    service: "api",
  }));
  return [...ofApi, { name: "cron", address: `${HOSTNAME}:${cronPort}`, service: "cron" }];
}

/** Two services with the same modules: one behind the API's port, one behind the cron's port. */
async function configText(
  options: WorkerdOptions,
  sockets: readonly Socket[],
): Promise<string> {
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
  const socketEntries = sockets.map(({ name, address, service }) =>
    `(name = ${quoted(name)}, address = ${quoted(address)}, http = (${CLOUDFLARE_HEADERS}), ` +
    `service = "${service}"),`
  ).join("\n    ");
  return `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "api", worker = ${worker(MAIN_MODULE)}),
    (name = "cron", worker = ${worker(CRON_MODULE)}),
    (name = "assets", disk = ${quoted(`${options.folder}/assets`)}),
    (name = "network", network = (allow = ["private", "public"], tlsOptions = (trustBrowserCas = true))),
  ],
  sockets = [
    ${socketEntries}
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
