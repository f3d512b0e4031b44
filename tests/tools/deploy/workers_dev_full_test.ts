import { deepEqual, equal } from "node:assert/strict";
import deno from "../../../deno.json" with { type: "json" };
import { runArguments } from "../../../src/tools/run_arguments.ts";
import { WRANGLER } from "../../../src/tools/bundle/bundle.ts";
import { withoutHang } from "../../support/wait.ts";

const ROOT = new URL("../../../", import.meta.url);
const ACCOUNT = "/accounts/account/workers";
const SCRIPT = `${ACCOUNT}/scripts/stanchion`;

/** What Cloudflare's API answers about a Worker that was deployed before, open at workers.dev. */
const ANSWERS: Record<string, unknown> = {
  [`GET ${ACCOUNT}/subdomain`]: { subdomain: "acme" },
  [`GET ${ACCOUNT}/workers/stanchion`]: {
    id: "stanchion",
    subdomain: { enabled: true, previews_enabled: false },
  },
  [`GET ${ACCOUNT}/services/stanchion`]: {
    default_environment: { environment: "production", script: { last_deployed_from: "wrangler" } },
  },
  [`GET ${SCRIPT}/deployments`]: {
    deployments: [{
      id: "deployment",
      source: "wrangler",
      strategy: "percentage",
      created_on: "2026-01-01T00:00:00Z",
      versions: [{ version_id: "version", percentage: 100 }],
    }],
  },
  [`POST ${SCRIPT}/assets-upload-session`]: { jwt: "token", buckets: [] },
  [`POST ${SCRIPT}/versions`]: {
    id: "version",
    startup_time_ms: 1,
    resources: { script: { etag: "etag" } },
  },
  [`POST ${SCRIPT}/deployments`]: { id: "deployment" },
  [`POST ${SCRIPT}/domains/changeset`]: { added: [], updated: [], removed: [], conflicting: [] },
};

/** Deploys with these arguments. Gives what wrangler sent to these paths below the script. */
async function deploy(...args: string[]): Promise<Record<string, unknown>> {
  const sent: Record<string, unknown> = {};
  const folder = await Deno.makeTempDir({ prefix: "stanchion-deploy-" });
  const assets = `${folder}/assets`;
  await Deno.mkdir(assets);
  await using api = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen() {} },
    async (request) => {
      const { pathname } = new URL(request.url);
      const isJson = request.headers.get("Content-Type")?.startsWith("application/json");
      const body = isJson ? await request.json() : void await request.body?.cancel();
      if (request.method !== "GET") sent[pathname.replace(`${SCRIPT}/`, "")] = body;
      const result = ANSWERS[`${request.method} ${pathname}`] ?? body ?? [];
      return Response.json({ success: true, errors: [], messages: [], result });
    },
  );
  const wrangler = new Deno.Command(Deno.execPath(), {
    args: runArguments(WRANGLER, "deploy", "--assets", assets, ...args),
    cwd: ROOT,
    env: {
      CI: "true",
      CLOUDFLARE_ACCOUNT_ID: "account",
      CLOUDFLARE_API_BASE_URL: `http://127.0.0.1:${api.addr.port}`,
      CLOUDFLARE_API_TOKEN: "token",
      WRANGLER_LOG_PATH: folder,
      WRANGLER_SEND_METRICS: "false",
    },
  }).output();
  const { code, stdout, stderr } = await withoutHang("the deployment", wrangler);
  equal(code, 0, [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes)).join(""));
  await Deno.remove(folder, { recursive: true });
  return sent;
}

Deno.test("`task deploy --domain` closes the address at workers.dev, without a domain it is open", async () => {
  equal(deno.tasks.deploy.command.endsWith(`${WRANGLER} deploy`), true);
  const domain = await deploy("--domain", "tickets.example.com");
  deepEqual(domain["subdomain"], { enabled: false, previews_enabled: false });
  deepEqual(domain["domains/changeset"], [{ hostname: "tickets.example.com" }]);
  const shared = await deploy();
  deepEqual(shared["subdomain"], { enabled: true, previews_enabled: false });
});
