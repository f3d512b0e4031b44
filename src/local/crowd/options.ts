import { type Config, ConfigError, type Environment } from "../../config.ts";

const FLAG = "--crowd";

/** A short line that moves every second. Settings of the environment come before these. */
const SHORT_LINE: Environment = {
  QUEUE_CAPACITY: "3",
  POLL_MIN_SECONDS: "1",
  POLL_MAX_SECONDS: "3",
};

/** Whether a crowd is wanted. Throws `ConfigError` for every other argument. */
export function wantsCrowd(args: readonly string[]): boolean {
  const unknown = args.filter((arg) => arg !== FLAG);
  const message = `is no argument: there is ${FLAG} alone, and settings are in the environment`;
  if (unknown.length > 0) {
    throw new ConfigError(unknown.map((arg) => ({ setting: arg, message })));
  }
  return args.length > 0;
}

export function withShortLine(environment: Environment): Environment {
  return { ...SHORT_LINE, ...environment };
}

/** Throws `ConfigError` where the seats would not be those of a demo sale that ends with this run. */
export function assertDemoSale({ dataDir, remote, localSignIn }: Config): void {
  const faults = [
    ...dataDir === null ? [] : ["DATA_DIR"],
    ...remote === null ? [] : ["DATABASE_URL"],
    ...localSignIn || remote !== null ? [] : ["USER_JWT_SECRET and USER_JWKS_URL"],
  ];
  if (faults.length === 0) return;
  const message = "buys seats of a sale in memory alone: unset ";
  throw new ConfigError(faults.map((name) => ({ setting: FLAG, message: message + name })));
}
