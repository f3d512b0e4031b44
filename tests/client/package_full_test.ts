import { deepEqual, equal, match, ok } from "node:assert/strict";
import { transform } from "esbuild";
import { fileURLToPath } from "node:url";
import { buildClient, gzipKib, MOST_GZIP_KIB } from "../../src/tools/client/build.ts";
import tools from "../../src/tools/deno.json" with { type: "json" };
import { signIn, start } from "../support/local_run.ts";
import { clientChecks } from "./checks/all.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const TOOLS = `${ROOT}src/tools/node_modules/`;

const MANNERS = ["--no-audit", "--no-fund", "--prefer-offline"];

let folder = "";
/** The folder of a user who installed the package from its tarball. */
const user = () => `${folder}/user`;

async function run(program: string, args: readonly string[], cwd: string): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command(program, {
    args: [...args],
    cwd,
    env: { NO_COLOR: "1", npm_config_update_notifier: "false" },
  }).output();
  const [text, errors] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
  ok(success, `${program} ${args.join(" ")}\n${text}\n${errors}`);
  return text!;
}

Deno.test.beforeAll(async () => {
  folder = await Deno.makeTempDir({ prefix: "stanchion-package-" });
  await buildClient(`${folder}/dist`);
  await Deno.mkdir(user());
  await Deno.writeTextFile(`${user()}/package.json`, JSON.stringify({ type: "module" }));
  const packed = await run("npm", ["pack", "--pack-destination", folder], `${folder}/dist`);
  const tarball = `${folder}/${packed.trim().split("\n").at(-1)}`;
  await run("npm", ["install", ...MANNERS, tarball], user());
  await Deno.copyFile(`${ROOT}tests/client/package/user.ts`, `${user()}/user.ts`);
});
Deno.test.afterAll(() => Deno.remove(folder, { recursive: true }));

Deno.test("the package has what users need, and nothing else", async () => {
  const files: string[] = [];
  const installed = `${user()}/node_modules/@stanchion/client`;
  for await (const { name, isFile } of Deno.readDir(installed)) if (isFile) files.push(name);
  const other = files.filter((name) => !name.endsWith(".d.ts")).sort();
  const scripts = ["admission", "express", "hono", "index"]
    .flatMap((name) => [`${name}.js`, `${name}.js.map`]);
  deepEqual(other, ["LICENSE", "README.md", ...scripts, "package.json"]);
  ok(files.includes("index.d.ts") && files.includes("schema.d.ts"));
  const { name, dependencies, sideEffects } = JSON.parse(
    await Deno.readTextFile(`${installed}/package.json`),
  );
  deepEqual([name, sideEffects, Object.keys(dependencies)], [
    "@stanchion/client",
    false,
    ["openapi-typescript-helpers"],
  ]);
  const script = await Deno.readTextFile(`${installed}/index.js`);
  equal(/^(?:import|export .* from)\b/m.test(script), false, "it loads no other module");
});

Deno.test("the whole package weighs at most 6 KiB, minified and compressed", async () => {
  const kib = await gzipKib(`${folder}/dist`);
  ok(kib > 3 && kib <= MOST_GZIP_KIB, `${kib} KiB`);
});

Deno.test("the built client passes the checks of the client", async () => {
  const { createStanchionClient } = await import(`file://${folder}/dist/index.js`);
  for (const check of Object.values(clientChecks)) await check(createStanchionClient);
});

/** The example as a program: it prints the codes of the tickets. */
async function writeProgram(): Promise<void> {
  const source = await Deno.readTextFile(`${ROOT}src/client/examples/sale.ts`);
  ok(source.split("\n").length <= 41, "a whole sale has at most forty lines");
  await Deno.writeTextFile(`${user()}/sale.ts`, source);
  const { code } = await transform(source, { loader: "ts", format: "esm" });
  await Deno.writeTextFile(`${user()}/sale.js`, code);
  for (const language of ["js", "ts"]) {
    await Deno.writeTextFile(
      `${user()}/main.${language}`,
      `import process from "node:process";
      import { buySeats } from "./sale.${language}";
      const [, , baseUrl, accessToken] = process.argv;
      console.log((await buySeats({ baseUrl, accessToken, count: 2 }, console.error)).join("\\n"));
      `,
    );
  }
}

Deno.test("the installed package buys tickets under Node and under Deno", async () => {
  await writeProgram();
  await using server = await start();
  const programs = [
    ["node", ["main.js"]],
    [Deno.execPath(), ["run", "--no-check", "--allow-net", "--allow-read", "main.ts"]],
  ] as const;
  for (const [program, args] of programs) {
    const accessToken = await signIn(server, `fan of ${args[0]}`);
    const codes = await run(program, [...args, server.base, accessToken], user());
    equal(codes.trim().split("\n").length, 2);
    match(codes, /^(ticket-v1\.\S+\n){2}$/);
  }
});

Deno.test("the installed package checks admissions under Node, beside jose and hono", async () => {
  const { hono, jose } = tools.imports;
  const beside = [hono, jose].map((specifier) => specifier.replace("npm:", ""));
  await run("npm", ["install", ...MANNERS, ...beside], user());
  const program = `import { createAdmissionCheck } from "@stanchion/client/admission";
    import * as forExpress from "@stanchion/client/express";
    import * as forHono from "@stanchion/client/hono";
    console.log(typeof createAdmissionCheck, typeof forExpress.admissionMiddleware,
      typeof forHono.admissionMiddleware);\n`;
  await Deno.writeTextFile(`${user()}/checks.js`, program);
  equal(await run("node", ["checks.js"], user()), "function function function\n");
  await Deno.writeTextFile(`${user()}/checks.ts`, program);
  equal(await compile("checks", { lib: ["ES2022", "DOM"] }), "");
});

Deno.test("a program of Express compiles strictly, and reads `request.admission`", async () => {
  const types = tools.imports["@types/express"].replace("npm:", "");
  await run("npm", ["install", ...MANNERS, types], user());
  const program = `import express from "express";
    import { admissionMiddleware } from "@stanchion/client/express";
    const issuer = "https://tickets.example.com";
    const audience = "https://shop.example.com";
    export const app = express();
    app.use("/shop", admissionMiddleware({ issuer, audience, room: "main" }));
    app.get("/shop/seats", (request, response) => {
      const subject: string | undefined = request.admission?.subject;
      // @ts-expect-error: no such member
      request.admission?.fan;
      response.json(subject);
    });\n`;
  await Deno.writeTextFile(`${user()}/express.ts`, program);
  equal(await compile("express", { lib: ["ES2022", "DOM"], esModuleInterop: true }), "");
});

/** What the compiler says of a user's program, in the strictest settings. */
async function compile(program: string, options: Record<string, unknown>): Promise<string> {
  await Deno.writeTextFile(
    `${user()}/tsconfig.json`,
    JSON.stringify({
      files: [`${program}.ts`],
      compilerOptions: {
        target: "ES2022",
        module: "ESNext",
        moduleResolution: "Bundler",
        strict: true,
        noUncheckedIndexedAccess: true,
        exactOptionalPropertyTypes: true,
        noUnusedLocals: true,
        noEmit: true,
        // The declarations of the package are checked as well.
        skipLibCheck: false,
        types: [],
        ...options,
      },
    }),
  );
  const tsc = `${TOOLS}typescript/bin/tsc`;
  return await run("node", [tsc, "--project", "tsconfig.json"], user());
}

Deno.test("a user's program compiles strictly, and wrong calls do not", async () => {
  equal(await compile("user", { lib: ["ES2022", "DOM"] }), "");
  equal(
    await compile("user", {
      module: "NodeNext",
      moduleResolution: "NodeNext",
      lib: ["ES2022", "DOM"],
    }),
    "",
  );
});

Deno.test("the types need no library of browsers where the runtime has fetch", async () => {
  const fetching = "declare global { interface Response { readonly status: number } " +
    "interface RequestInit { method?: string } interface AbortSignal { readonly aborted: boolean } }\n" +
    "export {};\n";
  await Deno.writeTextFile(`${user()}/fetching.d.ts`, fetching);
  equal(await compile("user", { lib: ["ES2022"], types: ["./fetching.d.ts"] }), "");
});
