import assert from "node:assert/strict";
import { dirname, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import server from "../deno.json" with { type: "json" };
import { ROOM_STATES } from "../src/domain/room.ts";
import tools from "../src/tools/deno.json" with { type: "json" };

const SRC = fileURLToPath(new URL("../src/", import.meta.url));

/** What each part may import from, beside itself. The programs may import anything. */
const MAY_IMPORT: Record<string, readonly string[]> = {
  domain: [],
  ports: ["domain"],
  application: ["domain", "ports"],
  "client/middleware": [],
  "adapters/jose": ["domain", "ports"],
  "adapters/jwks": ["domain", "ports", "adapters/fetch"],
  "adapters/turnstile": ["domain", "ports", "adapters/fetch"],
  "adapters/fetch": ["domain", "ports"],
  "adapters/memory": ["domain", "ports", "adapters/node_crypto"],
  "adapters/node_crypto": ["domain", "ports"],
  "adapters/postgres": ["domain", "ports"],
  "adapters/upstash": ["domain", "ports"],
  http: ["domain", "ports", "application", "config.ts", "config_users.ts", "config_values.ts"],
  composition: ["domain", "ports", "application", "adapters", "config.ts"],
  // The client, for the crowd of `task dev --crowd`.
  local: ["domain", "ports", "http", "client", "config.ts", "config_users.ts"],
  // The browser's code has the API of its package alone, and pure rules.
  pages: ["domain"],
  site: ["http", "pages"],
  cloudflare: ["domain", "ports", "http"],
  "tools/bundle": ["site", "tools/run_arguments.ts"],
  client: [],
  "tools/client": [],
  "tools/screenshots": ["tools/run_arguments.ts", "tools/local_cloud"],
  "tools/load_test": ["tools/run_arguments.ts"],
  "tools/mutation": [],
  "tools/openapi": ["http", "composition", "application", "config.ts"],
  "tools/local_cloud": ["config.ts", "local", "adapters/postgres", "tools/bundle"],
  "tools/run_arguments.ts": [],
  "config.ts": [
    "domain",
    "config_values.ts",
    "config_admissions.ts",
    "config_challenge.ts",
    "config_users.ts",
  ],
  "config_admissions.ts": ["domain", "config_values.ts"],
  "config_challenge.ts": ["config_values.ts"],
  "config_users.ts": ["config_values.ts"],
  "config_values.ts": ["domain"],
};
const PROGRAMS = ["main.ts", "worker.ts", "migrate.ts"];
const ENVIRONMENT_READERS = [
  "main.ts",
  "migrate.ts",
  "tools/load_test/main.ts",
  "tools/local_cloud/main.ts",
];
/** Libraries that a part may use; everything else stays outside. */
const MAY_USE: Record<string, readonly string[]> = {
  domain: [],
  ports: [],
  application: [],
  "client/middleware": ["jose", "hono"],
  "adapters/jose": ["jose"],
  "adapters/jwks": [],
  "adapters/turnstile": [],
  "adapters/fetch": [],
  "adapters/memory": ["node:crypto"],
  "adapters/node_crypto": ["node:crypto"],
  "adapters/postgres": ["@electric-sql/", "@neondatabase/serverless", "postgrator", "node:url"],
  "adapters/upstash": ["@upstash/redis", "node:crypto"],
  http: ["hono", "@hono/zod-openapi", "zod", "jose", "node:crypto", "papaparse", "qr"],
  composition: ["node:async_hooks"],
  local: ["@hono/zod-openapi", "jose"],
  pages: ["@stanchion/client", "preact"],
  site: ["marked", "esbuild", "node:url"],
  // Only in the place of the package, for the bundle.
  cloudflare: ["node:crypto", "zod/"],
  // Of the helpers, types alone; the examples use the package by its name.
  client: ["openapi-typescript-helpers", "@stanchion/client"],
  "tools/bundle": [],
  "tools/client": ["esbuild", "node:url", "openapi-typescript", "typescript"],
  "tools/mutation": ["node:path", "node:url", "node:util", "typescript"],
  "tools/openapi": [],
  "tools/screenshots": ["playwright-core"],
  "tools/load_test": [
    "@observablehq/plot",
    "cli-progress",
    "cli-table3",
    "d3-array",
    "jose",
    "linkedom",
    "node:url",
    "node:util",
    "p-limit",
    "pure-rand/",
  ],
  "tools/local_cloud": [
    "@redis/client",
    "node:buffer",
    "node:http",
    "node:module",
    "node:net",
    "node:os",
    "node:timers/promises",
    "pg",
    "wrangler",
  ],
  "tools/run_arguments.ts": ["node:url"],
  "config.ts": ["zod"],
  "config_admissions.ts": [],
  "config_challenge.ts": [],
  "config_users.ts": [],
  "config_values.ts": ["zod"],
};

async function* sourceFiles(folder: string, ends = /\.tsx?$/): AsyncGenerator<string> {
  for await (const entry of Deno.readDir(folder)) {
    const path = `${folder}/${entry.name}`;
    if (entry.name === "node_modules") continue;
    if (entry.isDirectory) yield* sourceFiles(path, ends);
    else if (ends.test(entry.name)) yield relative(SRC, resolve(path));
  }
}

function partOf(file: string): string | undefined {
  return Object.keys(MAY_IMPORT).find((part) => file === part || file.startsWith(`${part}/`));
}

async function importsOf(file: string): Promise<string[]> {
  const text = await Deno.readTextFile(`${SRC}/${file}`);
  return [...text.matchAll(/(?:^|\n)(?:import|export)[^;]*?from\s+"([^"]+)"/g)]
    .map(([, specifier]) => specifier!);
}

/** Why the import is not allowed, or null. */
function fault(file: string, specifier: string): string | null {
  const part = partOf(file);
  if (!part) return PROGRAMS.includes(file) ? null : `${file} belongs to no part`;
  const inPackage = /\/node_modules\/(.+)/.exec(specifier)?.[1];
  const library = inPackage ?? (specifier.startsWith(".") ? null : specifier);
  if (library !== null) {
    const allowed = MAY_USE[part]!.some((name) => library.startsWith(name));
    return allowed ? null : `${file} uses ${library}`;
  }
  const target = relative(SRC, resolve(SRC, dirname(file), specifier));
  const targetPart = partOf(target);
  const inward = targetPart !== undefined &&
    (targetPart === part ||
      MAY_IMPORT[part]!.some((allowed) => `${targetPart}/`.startsWith(`${allowed}/`)));
  return inward ? null : `${file} imports ${target}`;
}

Deno.test("imports point inward only", async () => {
  const faults: string[] = [];
  let files = 0;
  for await (const file of sourceFiles(SRC.replace(/\/$/, ""))) {
    files++;
    for (const specifier of await importsOf(file)) {
      const found = fault(file, specifier);
      if (found) faults.push(found);
    }
  }
  assert.deepEqual(faults, []);
  assert.ok(files > 50, `${files} files were read`);
});

Deno.test("the check of imports finds an outward one", () => {
  assert.ok(fault("domain/queue.ts", "../ports/clock.ts"));
  assert.ok(fault("application/payment_service.ts", "../adapters/memory/cache.ts"));
  assert.ok(fault("application/payment_service.ts", "hono"));
  assert.ok(fault("adapters/memory/room.ts", "../postgres/sql.ts"));
  assert.ok(fault("composition/assemble.ts", "../main.ts"));
  assert.equal(fault("application/payment_service.ts", "../ports/clock.ts"), null);
  assert.equal(fault("composition/assemble.ts", "../adapters/memory/cache.ts"), null);
});

/** Lines in which the name of a room state has another meaning. */
const OTHER_MEANINGS: Record<string, RegExp> = {
  // The refusal of a join.
  CLOSED: /refused: "CLOSED"|\{ 'CLOSED', R\.rules|first === "CLOSED"/,
  // The status of a reservation or a seat, and the outlook of the stock.
  HELD: /\bstatus\b|_status\b|price, 'HELD'|["']NONE["']/,
};

/** The room states that the code names, without its comments. */
function namedStates(code: string): string[] {
  const lines = code.replaceAll(/\/\*.*?\*\/|(?:--|\/\/).*$/gms, "").split("\n");
  return ROOM_STATES.filter((state) =>
    lines.some((line) =>
      new RegExp(`\\b${state}\\b`).test(line) && !OTHER_MEANINGS[state]?.test(line)
    )
  );
}

Deno.test("no adapter names a room state: it gets what a state does from the domain", async () => {
  const faults: Record<string, string[]> = {};
  let files = 0;
  for await (const file of sourceFiles(`${SRC}adapters`, /\.(ts|sql|lua)$/)) {
    files++;
    const states = namedStates(await Deno.readTextFile(`${SRC}/${file}`));
    if (states.length > 0) faults[file] = states;
  }
  assert.deepEqual(faults, {});
  assert.ok(files > 50, `${files} files were read`);
});

Deno.test("the check of room states finds one", () => {
  assert.deepEqual(namedStates("if r.state in ('CLOSED', 'LOBBY') then"), ["CLOSED", "LOBBY"]);
  assert.deepEqual(namedStates("allows = ROOM_STATE_POLICIES.OPEN;"), ["OPEN"]);
  assert.deepEqual(namedStates("if state == 'HELD' then -- LOBBY"), ["HELD"]);
  assert.deepEqual(namedStates("where r.status = 'HELD'"), []);
  assert.deepEqual(namedStates("/** OPEN\n * or LOBBY. */ // DRAINING"), []);
});

Deno.test("only the programs read the environment", async () => {
  for await (const file of sourceFiles(SRC.replace(/\/$/, ""))) {
    const text = await Deno.readTextFile(`${SRC}/${file}`);
    const isRoot = ENVIRONMENT_READERS.includes(file);
    assert.equal(/Deno\.env|process\.env/.test(text), isRoot, file);
  }
});

Deno.test("the tools' import map repeats the server's versions", () => {
  for (const [name, version] of Object.entries(server.imports)) {
    assert.equal((tools.imports as Record<string, string>)[name], version, name);
  }
});

Deno.test("every part of the source is type-checked", async () => {
  const named = server.tasks.check.command;
  for await (const { name, isDirectory } of Deno.readDir(SRC)) {
    if (isDirectory) assert.ok(named.includes(`src/${name}`), name);
  }
});
