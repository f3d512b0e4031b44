import {
  type Config,
  ConfigError,
  type MakeSecret,
  parseConfig,
  SETTING_NAMES,
} from "../../config.ts";

type Settings = Readonly<Record<string, string>>;

/** What the edge run makes when it is not given. */
const MADE = ["ADMIN_TOKEN", "QUEUE_TOKEN_SECRET", "USER_JWT_SECRET"] as const;

export interface EdgeSettings {
  /** All that the Worker is given. */
  readonly worker: Settings;
  readonly config: Config;
  /** DATA_DIR, which is this run's own and not the Worker's. */
  readonly dataDir: string | null;
  /** Secrets that this run made itself. */
  readonly made: Settings;
}

/**
 * The settings of an edge run: those of the environment, those of its own stores, and secrets that
 * it makes. Throws `ConfigError`, also for stores that it would not use.
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
  const needed = MADE.filter((name) =>
    !(name in given) && !(name === "USER_JWT_SECRET" && "USER_JWKS_URL" in given)
  );
  const made = Object.fromEntries(needed.map((name) => [name, makeSecret(name)]));
  const worker = { ALLOW_SELF_CHARGE: "true", ...given, ...made, ...stores };
  const faults = Object.keys(stores).filter((name) => name in given)
    .map((setting) => ({ setting, message: "is of no use here: this run brings its own stores" }));
  try {
    const config = parseConfig(worker, null);
    const dataDir = environment["DATA_DIR"] || null;
    if (faults.length === 0) return { worker, config, dataDir, made };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    faults.push(...error.faults);
  }
  throw new ConfigError(faults);
}
