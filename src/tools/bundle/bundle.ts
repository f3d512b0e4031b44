import { runArguments } from "../run_arguments.ts";
import { copyDocsFiles } from "./docs_files.ts";

const ROOT = new URL("../../../", import.meta.url);
/** The wrangler of src/tools/deno.json; a test compares the two. */
export const WRANGLER = "npm:wrangler@4.155.0";

/** Where wrangler.toml looks for static assets, and where the Worker goes. */
const FOLDER = new URL("dist", ROOT).pathname;

/** Cloudflare takes 3 MiB from a free account; a small Worker starts soon. */
export const MOST_GZIP_KIB = 250;

/** What belongs to the embedded run, to migrations or to a browser: by modules, and by texts. */
const FOREIGN_MODULES =
  /@electric-sql|pglite|swagger-ui|postgrator|\/migrat|src\/(?:local|edge|rush)\//;
const FOREIGN_TEXTS = ["/dev/sign-in", "postgrator", "PGlite"];

/** The Worker as wrangler would upload it. */
export interface Bundle {
  readonly kib: number;
  readonly gzipKib: number;
  /** Paths of the modules inside, as esbuild names them. */
  readonly modules: readonly string[];
  readonly text: string;
}

/**
 * Builds the Worker of `main`, a file named worker.ts, into `folder`/worker and its static assets
 * into `folder`/assets, without an account. Throws when wrangler fails, or warns of anything in
 * wrangler.toml.
 */
export async function bundle(folder: string, main = "src/worker.ts"): Promise<Bundle> {
  const worker = `${folder}/worker`;
  const assets = `${folder}/assets`;
  for (const old of [worker, assets]) {
    await Deno.remove(old, { recursive: true }).catch(ignoreMissing);
    await Deno.mkdir(old, { recursive: true });
  }
  await copyDocsFiles(assets);
  const told = await wrangler(
    ["deploy", main, "--dry-run", "--metafile", "--outdir", worker, "--assets", assets],
  );
  const size = /Total Upload: ([\d.]+) KiB \/ gzip: ([\d.]+) KiB/.exec(told);
  if (!size || told.includes("WARNING")) throw new Error(`wrangler is not content:\n${told}`);
  const { inputs } = JSON.parse(await Deno.readTextFile(`${worker}/bundle-meta.json`));
  return {
    kib: Number(size[1]),
    gzipKib: Number(size[2]),
    modules: Object.keys(inputs),
    text: await Deno.readTextFile(`${worker}/worker.js`),
  };
}

/** Why this bundle must not be deployed; nothing when it may. */
export function faultsOf({ gzipKib, modules, text }: Bundle): string[] {
  return [
    ...gzipKib > MOST_GZIP_KIB ? [`it has more than ${MOST_GZIP_KIB} KiB gzip`] : [],
    ...modules.filter((module) => FOREIGN_MODULES.test(module)).map((module) =>
      `it contains ${module}`
    ),
    ...FOREIGN_TEXTS.filter((foreign) => text.includes(foreign)).map((foreign) =>
      `it contains the text ${foreign}`
    ),
  ];
}

/** Runs the installed wrangler at the repository's root and gives what it printed. */
async function wrangler(args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: runArguments(WRANGLER, ...args),
    cwd: ROOT,
    // At another level wrangler would not tell the size.
    env: { WRANGLER_SEND_METRICS: "false", WRANGLER_LOG: "log", NO_COLOR: "1" },
  }).output();
  const told = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes)).join("");
  if (code !== 0) throw new Error(`wrangler failed:\n${told}`);
  return told;
}

function ignoreMissing(error: unknown): void {
  if (!(error instanceof Deno.errors.NotFound)) throw error;
}

if (import.meta.main) {
  const built = await bundle(FOLDER);
  console.log(`The Worker: ${built.kib} KiB, ${built.gzipKib} KiB gzip (at most ${MOST_GZIP_KIB})`);
  const faults = faultsOf(built);
  for (const fault of faults) console.error(`It must not be deployed: ${fault}`);
  if (faults.length > 0) Deno.exit(1);
}
