import { deepEqual } from "node:assert/strict";
import { createTestHarness, unstable_readConfig } from "wrangler";
import { frontOf } from "../support/fronts.ts";

const ROOT = new URL("../../", import.meta.url).pathname;

Deno.env.set("CLOUDFLARE_CF_FETCH_ENABLED", "false");
Deno.env.set("WRANGLER_SEND_METRICS", "false");
Deno.env.set("WRANGLER_LOG", "error");

Deno.test("the cache of workerd takes and gives front documents, by the domain of the Worker", async () => {
  const { compatibility_date } = unstable_readConfig({ config: `${ROOT}wrangler.toml` });
  const config = {
    name: "location-cache",
    main: "tests/cloudflare/location_cache_worker.ts",
    compatibility_date: compatibility_date!,
  };
  const harness = createTestHarness({ root: ROOT, workers: [{ config }] });
  try {
    await harness.listen();
    const ask = async (url: string) => await (await harness.getWorker().fetch(url)).json();
    const nothing = { front: null, reports: [] };
    deepEqual(await ask("https://tickets.example/read"), nothing);
    deepEqual(await ask("https://tickets.example/write"), { front: frontOf(), reports: [] });
    deepEqual(await ask("https://other.example/read"), nothing);
    deepEqual(await ask("https://stanchion.somebody.workers.dev/write"), nothing);
  } finally {
    await harness.close();
  }
});
