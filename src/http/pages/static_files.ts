import type { AnyEndpoint } from "../pipeline/endpoint.ts";
import type { App } from "../pipeline/api_env.ts";
import { SCRIPT_TYPE, STYLE_TYPE } from "./page.ts";
import { versionedFile } from "./versioned_file.ts";

/** Reads a static file by its path in the folder of assets; null if there is none. */
export type StaticFile = (path: string) => Promise<Uint8Array<ArrayBuffer> | null>;
/** The static files beside an API with these endpoints. */
export type StaticFiles = (endpoints: readonly AnyEndpoint[]) => StaticFile;

const FOLDER = "assets";
const HASH_LENGTH = 16;
/** The name has the hash of the content, so the content of a name never changes. */
const CACHING = "public, max-age=31536000, immutable";

/** The media types of assets. A file of another type is no asset. */
const MEDIA_TYPES: Readonly<Record<string, string>> = {
  css: STYLE_TYPE,
  js: SCRIPT_TYPE,
  json: "application/json",
  svg: "image/svg+xml",
  png: "image/png",
  woff2: "font/woff2",
};

/**
 * A name that `assetPath` makes, or the bundler of scripts with its own hash. It has no slash and no
 * second dot in a row: it leaves no folder.
 */
const NAME = new RegExp(
  `^[a-z0-9_-]+\\.([0-9a-f]{${HASH_LENGTH}}|[A-Z2-7]{8})\\.(${
    Object.keys(MEDIA_TYPES).join("|")
  })$`,
);

/** The first characters of the SHA-256 of a content, in hexadecimal. */
export async function contentHash(content: Uint8Array<ArrayBuffer>): Promise<string> {
  const hash = await crypto.subtle.digest("SHA-256", content);
  return new Uint8Array(hash).toHex().slice(0, HASH_LENGTH);
}

/** The path of an asset in the folder of assets: `site.css` becomes `assets/site.<hash>.css`. */
export async function assetPath(name: string, content: Uint8Array<ArrayBuffer>): Promise<string> {
  const dot = name.lastIndexOf(".");
  const hashed = `${name.slice(0, dot)}.${await contentHash(content)}${name.slice(dot)}`;
  if (!NAME.test(hashed)) throw new Error(`no name of an asset: ${name}`);
  return `${FOLDER}/${hashed}`;
}

/** Mounts the assets: files whose names have the hash of their content. */
export function mountAssets(app: App, file: StaticFile): void {
  app.get(`/${FOLDER}/:name`, async (c) => {
    const name = c.req.param("name");
    const [, hash, extension] = NAME.exec(name) ?? [];
    if (hash === undefined) return c.notFound();
    const content = await file(`${FOLDER}/${name}`);
    if (!content) return c.notFound();
    return versionedFile(c, {
      version: hash,
      content,
      mediaType: MEDIA_TYPES[extension!]!,
      headers: { "Cache-Control": CACHING },
    });
  });
}
