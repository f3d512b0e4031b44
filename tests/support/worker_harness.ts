import { createTestHarness, unstable_readConfig } from "wrangler";
import { writeAssets } from "../../src/tools/bundle/assets.ts";

const ROOT = new URL("../../", import.meta.url).pathname;

// Read by wrangler when it starts a Worker: it asks nobody outside and prints only its own faults.
Deno.env.set("CLOUDFLARE_CF_FETCH_ENABLED", "false");
Deno.env.set("WRANGLER_SEND_METRICS", "false");
Deno.env.set("WRANGLER_LOG", "error");

export interface RunningWorker {
  /** Ends with a slash. */
  readonly url: string;
  /** Fires the cron and tells how its event ended: "ok", or "exception". */
  fireCron(): Promise<string>;
  /** What the Worker has logged since it was started. */
  logs(): string[];
  close(): Promise<void>;
}

type Input = NonNullable<Parameters<typeof createTestHarness>[0]>["workers"][number];
type InlineConfig = Extract<Input, { config: unknown }>["config"];

/** A Worker in workerd, as wrangler.toml describes it, with its own folder of static assets. */
export async function startWorker(
  { settings }: { readonly settings: Readonly<Record<string, string>> },
): Promise<RunningWorker> {
  const assets = await Deno.makeTempDir({ prefix: "stanchion-assets-" });
  await writeAssets(assets);
  const deployed = unstable_readConfig({ config: `${ROOT}wrangler.toml` });
  const config = {
    ...deployed,
    assets: { ...deployed.assets, directory: assets },
    vars: settings,
  } as InlineConfig;
  const harness = createTestHarness({ root: ROOT, workers: [{ config }] });
  const { url } = await harness.listen();
  return {
    url: url.href,
    async fireCron() {
      return (await harness.getWorker().scheduled({ cron: "* * * * *" })).outcome;
    },
    logs: () => harness.getLogs().map(({ message }) => message),
    async close() {
      await harness.close();
      await Deno.remove(assets, { recursive: true });
    },
  };
}
