import { build } from "esbuild";
import { fileURLToPath } from "node:url";
import ts from "typescript";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));
const SOURCE = `${ROOT}src/client/`;
/** The client reads no modules at run time: what weighs is its own script. */
export const MOST_GZIP_KIB = 6;

/** The client, and the check of admissions for other servers. */
const ENTRIES = [
  "index.ts",
  "middleware/admission.ts",
  "middleware/express.ts",
  "middleware/hono.ts",
];
/** Members that no caller sees, and no storage keeps. Their names are shortened. */
const INTERNAL = [
  "headersOf",
  "isLive",
  "learnPaid",
  "learntAt",
  "onChange",
  "onEndOfAdmission",
  "ownSeats",
  "queueToken",
  "received",
  "recheck",
  "retryAfterMs",
  "takeOver",
  "thrown",
  "follow",
  "lead",
  "learn",
  "lost",
  "over",
  "post",
  "receive",
  "send",
];

/** The declarations of libraries, which are installed for the tools. */
const DECLARATIONS = {
  "openapi-typescript-helpers": "dist/index.d.mts",
  hono: "dist/types/index.d.ts",
  jose: "dist/types/index.d.ts",
};

/** Builds the package into the folder: a module of JavaScript for each entry, and the types. */
export async function buildClient(folder: string): Promise<void> {
  await Deno.remove(folder, { recursive: true }).catch(ignoreMissing);
  await Deno.mkdir(`${folder}/middleware`, { recursive: true });
  await build({
    entryPoints: ENTRIES.map((path) => `${SOURCE}${path}`),
    outdir: folder,
    entryNames: "[name]",
    bundle: true,
    // Programs that check admissions have these beside the package.
    external: ["jose", "hono"],
    format: "esm",
    target: "es2022",
    platform: "neutral",
    sourcemap: true,
    legalComments: "none",
    mangleProps: new RegExp(`^(${INTERNAL.join("|")})$`),
  });
  writeTypes(folder);
  await Deno.copyFile(`${ROOT}LICENSE`, `${folder}/LICENSE`);
  for (const name of ["package.json", "README.md"]) {
    await Deno.copyFile(`${SOURCE}${name}`, `${folder}/${name}`);
  }
}

function writeTypes(folder: string): void {
  const program = ts.createProgram(ENTRIES.map((path) => `${SOURCE}${path}`), {
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    lib: ["lib.es2022.d.ts", "lib.dom.d.ts", "lib.dom.iterable.d.ts"],
    types: [],
    strict: true,
    noUncheckedIndexedAccess: true,
    exactOptionalPropertyTypes: true,
    declaration: true,
    emitDeclarationOnly: true,
    allowImportingTsExtensions: true,
    outDir: folder,
    rootDir: SOURCE,
    paths: Object.fromEntries(
      Object.entries(DECLARATIONS).map((
        [name, path],
      ) => [name, [`${ROOT}src/tools/node_modules/${name}/${path}`]]),
    ),
  });
  const { diagnostics } = program.emit(undefined, (path, text) =>
    // A resolver of the user's compiler finds `place.d.ts` by `place.js`.
    Deno.writeTextFileSync(path, text.replaceAll(/(from ".\/\w+)\.ts"/g, '$1.js"')));
  const faults = [...ts.getPreEmitDiagnostics(program), ...diagnostics];
  if (faults.length === 0) return;
  throw new Error(ts.formatDiagnostics(faults, {
    getCanonicalFileName: (name) => name,
    getCurrentDirectory: () => ROOT,
    getNewLine: () => "\n",
  }));
}

/** What a page gets that uses everything: minified and compressed, in KiB. */
export async function gzipKib(folder: string): Promise<number> {
  const { outputFiles } = await build({
    stdin: { contents: 'export * from "./index.js"', resolveDir: folder },
    bundle: true,
    minify: true,
    format: "esm",
    target: "es2022",
    write: false,
  });
  const compressed = new Blob([outputFiles[0]!.text]).stream()
    .pipeThrough(new CompressionStream("gzip"));
  return (await new Response(compressed).arrayBuffer()).byteLength / 1024;
}

function ignoreMissing(error: unknown): void {
  if (!(error instanceof Deno.errors.NotFound)) throw error;
}

if (import.meta.main) {
  const folder = `${ROOT}dist/client`;
  await buildClient(folder);
  const kib = await gzipKib(folder);
  console.log(`@stanchion/client: ${kib.toFixed(2)} KiB gzip (limit: ${MOST_GZIP_KIB} KiB)`);
  if (kib > MOST_GZIP_KIB) Deno.exit(1);
}
