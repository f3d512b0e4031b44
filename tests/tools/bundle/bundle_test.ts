import assert from "node:assert/strict";
import deno from "../../../deno.json" with { type: "json" };
import tools from "../../../src/tools/deno.json" with { type: "json" };
import {
  type Bundle,
  bundle,
  faultsOf,
  MOST_GZIP_KIB,
  WRANGLER,
} from "../../../src/tools/bundle/bundle.ts";
import { contentHash } from "../../../src/http/pages/static_files.ts";
import { boxEnvironment } from "../../support/api_box.ts";
import { assetsIn } from "../../support/assets.ts";
import { startRawWorkerd } from "../../support/raw_workerd.ts";

/** Cloudflare gives a Worker one second of CPU to start; here the program starts as well. */
const STARTS_WITHIN_MS = 5_000;
const STARTS = 3;

/** Stores that nobody asks: only their form is checked at the start. */
const STORES = {
  UPSTASH_REDIS_REST_URL: "http://127.0.0.1:1",
  UPSTASH_REDIS_REST_TOKEN: "t".repeat(32),
  DATABASE_URL: "postgresql://user:password@127.0.0.1/database",
};

let folder: string;
let built: Bundle;

Deno.test.beforeAll(async () => {
  folder = await Deno.makeTempDir({ prefix: "stanchion-bundle-" });
  built = await bundle(folder);
});
Deno.test.afterAll(async () => {
  await Deno.remove(folder, { recursive: true });
});

Deno.test("the bundle may be deployed", () => {
  console.log(`${built.kib} KiB, ${built.gzipKib} KiB gzip of at most ${MOST_GZIP_KIB}`);
  assert.deepEqual(faultsOf(built), []);
  assert.ok(built.gzipKib > 50, "a Worker of that size is not the whole of it");
  assert.ok(built.modules.includes("src/worker.ts"), "modules are named otherwise");
});

Deno.test("what does not belong into a Worker is found in a bundle", () => {
  const faultyBy = (change: Partial<Bundle>) => faultsOf({ ...built, ...change }).length;
  assert.equal(faultyBy({ gzipKib: MOST_GZIP_KIB + 1 }), 1);
  const modules = [
    "node_modules/.deno/@electric-sql+pglite@0.5.16/node_modules/@electric-sql/pglite/dist/index.js",
    "node_modules/.deno/marked@18.2.1/node_modules/marked/lib/marked.esm.js",
    "src/site/layout.ts",
    "src/pages/shop/main.tsx",
    "src/client/client.ts",
    "node_modules/.deno/preact@11.2.0/node_modules/preact/dist/preact.mjs",
    "node_modules/.deno/postgrator@8.0.0/node_modules/postgrator/index.js",
    "src/adapters/postgres/pglite.ts",
    "src/adapters/postgres/migrate.ts",
    "src/adapters/postgres/migrations/001.do.tables.sql",
    "src/local/sign_in_route.ts",
    "src/tools/local_cloud/upstash/endpoint.ts",
  ];
  for (const module of modules) assert.equal(faultyBy({ modules: [module] }), 1, module);
  assert.equal(faultyBy({ text: `app.post("/dev/sign-in")` }), 1);
});

Deno.test("the pages and their assets lie ready for the assets binding", async () => {
  const page = await Deno.readTextFile(`${folder}/assets/docs/index.html`);
  const assets = assetsIn(page);
  assert.equal(assets.length, 5);
  for (const path of assets) {
    const content = await Deno.readFile(`${folder}/assets${path}`);
    assert.ok(path.includes(`.${await contentHash(content)}.`), path);
  }
});

Deno.test("the bundle starts in workerd and answers /healthz", async () => {
  const times: number[] = [];
  for (let start = 0; start < STARTS; start++) {
    const workerd = await startRawWorkerd(folder, { ...boxEnvironment(), ...STORES });
    times.push(workerd.startedInMs);
    await workerd.stop();
  }
  console.log(`from starting workerd to the first answer: ${times.join(", ")} ms`);
  assert.ok(Math.min(...times) < STARTS_WITHIN_MS, String(times));
});

Deno.test("the wrangler that bundles and deploys is the one that is tested", () => {
  assert.equal(WRANGLER, tools.imports.wrangler);
  assert.ok(deno.tasks.deploy.command.includes(`${WRANGLER} deploy`));
});
