import {
  type Config,
  ConfigError,
  type MakeSecret,
  misspeltSettings,
  parseConfig,
  SETTING_NAMES,
} from "../../config.ts";

type Settings = Readonly<Record<string, string>>;

/** Settings that get a random secret when the environment lacks them. */
const GENERATED = ["ADMIN_TOKEN", "QUEUE_TOKEN_SECRET", "SIGNING_KEY", "USER_JWT_SECRET"] as const;

export interface EdgeSettings {
  /** The text bindings of the Worker. */
  readonly worker: Settings;
  readonly config: Config;
  /** DATA_DIR. The Worker does not get it. */
  readonly dataDir: string | null;
  /** The part of `worker` that was generated. */
  readonly generated: Settings;
}

/**
 * The settings of `deno task edge`: those of the environment, those of its own stores, and secrets
 * that are generated. Throws `ConfigError`, also for a store in the environment, which has no use.
 */
export function parseEdgeSettings(
  environment: Readonly<Record<string, string | undefined>>,
  stores: Settings,
  makeSecret: MakeSecret,
): EdgeSettings {
  const given: Settings = Object.fromEntries(
    SETTING_NAMES.filter((name) => name !== "DATA_DIR")
      .flatMap((name) => environment[name] ? [[name, environment[name]]] : []),
  );
  const missing = GENERATED.filter((name) =>
    !(name in given) && !(name === "USER_JWT_SECRET" && "USER_JWKS_URL" in given)
  );
  const generated = Object.fromEntries(missing.map((name) => [name, makeSecret(name)]));
  const worker = { ALLOW_SELF_CHARGE: "true", ...given, ...generated, ...stores };
  const useless = Object.keys(stores).filter((name) => name in given)
    .map((setting) => ({ setting, message: "has no use here: this run starts its own stores" }));
  const faults = [...misspeltSettings(environment), ...useless];
  try {
    const config = parseConfig(worker, null);
    const dataDir = environment["DATA_DIR"] || null;
    if (faults.length === 0) return { worker, config, dataDir, generated };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    faults.push(...error.faults);
  }
  throw new ConfigError(faults);
}
