import { unstable_readConfig } from "wrangler";

const FILE = new URL("../../../../wrangler.toml", import.meta.url).pathname;

export interface WorkerdSettings {
  readonly compatibilityDate: string;
  readonly compatibilityFlags: readonly string[];
}

/** The settings of wrangler.toml that decide how workerd behaves. */
export function readWorkerdSettings(): WorkerdSettings {
  const { compatibility_date: date, compatibility_flags: flags } = unstable_readConfig({
    config: FILE,
  });
  if (!date) throw new Error("wrangler.toml has no compatibility_date");
  return { compatibilityDate: date, compatibilityFlags: flags };
}
