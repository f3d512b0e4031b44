import { unstable_readConfig } from "wrangler";

const FILE = new URL("../../../../wrangler.toml", import.meta.url).pathname;

/** How workerd has to run the Worker: as Cloudflare would, by wrangler.toml. */
export function readWorkerdSettings() {
  const { compatibility_date: date, compatibility_flags: flags } = unstable_readConfig({
    config: FILE,
  });
  if (!date) throw new Error("wrangler.toml has no compatibility_date");
  return { compatibilityDate: date, compatibilityFlags: flags };
}
