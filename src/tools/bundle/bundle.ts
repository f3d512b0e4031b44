import { runArguments } from "../run_arguments.ts";
import { writeAssets } from "./assets.ts";

const ROOT = new URL("../../../", import.meta.url);
/** Must be the wrangler of src/tools/deno.json; a test compares the two. */
export const WRANGLER = "npm:wrangler@4.155.0";

/** The output folder: wrangler.toml names it as the folder of static assets. */
const FOLDER = new URL("dist", ROOT).pathname;

/** Cloudflare accepts 3 MiB from a free account. A small Worker starts faster. */
export const MOST_GZIP_KIB = 250;

/** Modules and texts of the local run, the tools, the migrations, the browser pages, the document. */
const FOREIGN_MODULES =
  /@electric-sql|pglite|marked|minisearch|postgrator|\/migrat|preact|esbuild|src\/(?:local|site|pages|client|tools|http\/document)\//;
const FOREIGN_TEXTS = ["/dev/sign-in", "postgrator", "PGlite"];

/** The Worker that wrangler would upload. */
export interface Bundle {
  readonly kib: number;
  readonly gzipKib: number;
  /** The paths of its modules, as in the metafile of esbuild. */
  readonly modules: readonly string[];
  readonly text: string;
}

/**
 * Builds the Worker into `folder`/worker and its static assets into `folder`/assets. It needs no
 * account. The file name of `main` must be worker.ts. Throws when wrangler fails or prints a warning.
 */
export async function bundle(folder: string, main = "src/worker.ts"): Promise<Bundle> {
  const worker = `${folder}/worker`;
  const assets = `${folder}/assets`;
  for (const output of [worker, assets]) {
    await Deno.remove(output, { recursive: true }).catch(ignoreMissing);
    await Deno.mkdir(output, { recursive: true });
  }
  await writeAssets(assets);
  const output = await wrangler(
    ["deploy", main, "--dry-run", "--metafile", "--outdir", worker, "--assets", assets],
  );
  const size = /Total Upload: ([\d.]+) KiB \/ gzip: ([\d.]+) KiB/.exec(output);
  if (!size || output.includes("WARNING")) {
    throw new Error(`wrangler printed a warning, or no size:\n${output}`);
  }
  const { inputs } = JSON.parse(await Deno.readTextFile(`${worker}/bundle-meta.json`));
  return {
    kib: Number(size[1]),
    gzipKib: Number(size[2]),
    modules: Object.keys(inputs),
    text: await Deno.readTextFile(`${worker}/worker.js`),
  };
}

/** The reasons not to deploy this bundle; empty if it may be deployed. */
export function faultsOf({ gzipKib, modules, text }: Bundle): string[] {
  return [
    ...gzipKib > MOST_GZIP_KIB ? [`the Worker has more than ${MOST_GZIP_KIB} KiB gzip`] : [],
    ...modules.filter((module) => FOREIGN_MODULES.test(module)).map((module) =>
      `the Worker contains the module ${module}`
    ),
    ...FOREIGN_TEXTS.filter((foreign) => text.includes(foreign)).map((foreign) =>
      `the Worker contains the text ${foreign}`
    ),
  ];
}

/** Runs wrangler in the root of the repository. Returns its output; throws if it fails. */
async function wrangler(args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: runArguments(WRANGLER, ...args),
    cwd: ROOT,
    // At a higher log level, wrangler does not print the size.
    env: { WRANGLER_SEND_METRICS: "false", WRANGLER_LOG: "log", NO_COLOR: "1" },
  }).output();
  const output = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes)).join("");
  if (code !== 0) throw new Error(`wrangler failed:\n${output}`);
  return output;
}

function ignoreMissing(error: unknown): void {
  if (!(error instanceof Deno.errors.NotFound)) throw error;
}

if (import.meta.main) {
  const built = await bundle(FOLDER);
  console.log(`Worker: ${built.kib} KiB, ${built.gzipKib} KiB gzip (limit: ${MOST_GZIP_KIB} KiB)`);
  const faults = faultsOf(built);
  for (const fault of faults) console.error(`The bundle must not be deployed: ${fault}`);
  if (faults.length > 0) Deno.exit(1);
}
