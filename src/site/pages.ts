import * as esbuild from "esbuild";
import { fileURLToPath } from "node:url";
import { assetPath } from "../http/pages/static_files.ts";
import theme from "../pages/theme.json" with { type: "json" };
import { LANGUAGES, PAGES, shellFile, shellHtml } from "./page_shells.ts";

type Bytes = Uint8Array<ArrayBuffer>;
/** Static files by their paths in the folder of assets. */
export type PageFiles = ReadonlyMap<string, Bytes>;

const SOURCE = new URL("../pages/", import.meta.url);
const pathOf = (name: string) => fileURLToPath(new URL(name, SOURCE));
const inPackages = (name: string) => fileURLToPath(import.meta.resolve(name));

/** Names as `assetPath` makes them, but with the hash of esbuild, which covers what is imported. */
const NAMES = "[name].[hash]";

/** The scripts of all pages; what two of them share is a file of its own. */
async function bundleScripts(): Promise<esbuild.BuildResult<{ write: false; metafile: true }>> {
  return await esbuild.build({
    entryPoints: Object.fromEntries(
      PAGES.map((name) => [name, pathOf(`${name}/main.tsx`)]),
    ),
    bundle: true,
    splitting: true,
    format: "esm",
    target: "es2022",
    minify: true,
    write: false,
    metafile: true,
    outdir: "/assets",
    entryNames: NAMES,
    chunkNames: NAMES,
    jsx: "automatic",
    jsxImportSource: "preact",
    charset: "utf8",
    legalComments: "none",
    tsconfigRaw: "{}",
    alias: {
      "@stanchion/client": fileURLToPath(new URL("../client/index.ts", import.meta.url)),
      preact: inPackages("preact"),
      "preact/hooks": inPackages("preact/hooks"),
      "preact/jsx-runtime": inPackages("preact/jsx-runtime"),
    },
  });
}

const kebab = (name: string) => name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

/** The colours of the theme as variables of CSS. */
function themeCss(): string {
  const { light, dark } = theme.colours;
  const variables = Object.entries(light).map(([name, colour]) =>
    `--${kebab(name)}:light-dark(${colour},${dark[name as keyof typeof dark]})`
  );
  return `:root{color-scheme:light dark;${variables.join(";")}}`;
}

async function minified(css: string): Promise<Bytes> {
  const { code } = await esbuild.transform(css, { loader: "css", minify: true, target: "es2022" });
  return new TextEncoder().encode(code);
}

let building = 0;

/** The pages of fans: a document of each in each language, their scripts and styles. */
export async function buildPages(): Promise<PageFiles> {
  building++;
  const files = new Map<string, Bytes>();
  const add = async (name: string, content: Bytes): Promise<string> => {
    const path = await assetPath(name, content);
    files.set(path, content);
    return `/${path}`;
  };
  try {
    const { outputFiles, metafile } = await bundleScripts();
    for (const { path, contents } of outputFiles) {
      files.set(path.slice(1), new Uint8Array(contents));
    }
    const base = await Deno.readTextFile(pathOf("shared/base.css"));
    const themeScript = await Deno.readFile(new URL("assets/theme.js", import.meta.url));
    const shared = {
      base: await add("base.css", await minified(themeCss() + base)),
      theme: await add("theme.js", themeScript),
    };
    for (const page of PAGES) {
      const entry = Object.entries(metafile.outputs).find(([, { entryPoint }]) =>
        entryPoint?.endsWith(`pages/${page}/main.tsx`)
      )!;
      const css = await Deno.readTextFile(pathOf(`${page}/${page}.css`));
      const assets = {
        theme: shared.theme,
        styles: [shared.base, await add(`${page}.css`, await minified(css))],
        script: `/${assetName(entry[0])}`,
        chunks: chunksOf(entry[0], metafile).map((path) => `/${assetName(path)}`),
      };
      for (const language of LANGUAGES) {
        const html = shellHtml(page, language, assets);
        files.set(shellFile(page, language), new TextEncoder().encode(html));
      }
    }
    return files;
  } finally {
    // The process of esbuild serves all builds that run at present.
    if (--building === 0) await esbuild.stop();
  }
}

/** Outputs are named from the working directory. */
const assetName = (output: string) => output.slice(output.lastIndexOf("assets/"));

/** The files that a script imports, also through others; not what it loads when it is needed. */
function chunksOf(output: string, { outputs }: esbuild.Metafile): string[] {
  const found = new Set<string>();
  const visit = (name: string) => {
    for (const { path, kind } of outputs[name]?.imports ?? []) {
      if (kind === "dynamic-import" || found.has(path)) continue;
      found.add(path);
      visit(path);
    }
  };
  visit(output);
  return [...found];
}
