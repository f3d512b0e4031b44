import { z } from "zod";
import { OtherCurrencyError } from "./domain/failures.ts";
import {
  checkOrigins,
  DATABASE_EXAMPLE,
  integer,
  isSafeFromNetwork,
  listOf,
  type NamedToken,
  namedTokensOf,
  namesDatabase,
  percent,
  seconds,
  secretsOf,
  tokensOf,
  url,
} from "./config_values.ts";
import {
  ADMISSION_SUBJECTS,
  type AdmissionSettings,
  admissionSettings,
  checkAdmissions,
} from "./config_admissions.ts";
import { type ChallengeSettings, challengeSettings, checkChallenge } from "./config_challenge.ts";
import { type UserCredentials, userCredentials } from "./config_users.ts";
import { MAX_CAPACITY } from "./domain/limits.ts";
import { isLoopbackHost } from "./domain/loopback.ts";
import { likelyMeant } from "./domain/misspelling.ts";

const MIN_SECRET_BYTES = 32;
/** Enough to see what happens, little enough to pay for at a rush. */
const DEPLOYED_LOG_PERCENT = 1;

export interface Config {
  readonly capacity: number;
  readonly admissionTtlSeconds: number;
  readonly showUpSeconds: number;
  readonly waitingTtlSeconds: number;
  readonly pollMinSeconds: number;
  readonly pollMaxSeconds: number;
  readonly holdTtlSeconds: number;
  readonly seatLimit: number;
  /** Credentials that nobody here signed, from one network. */
  readonly failedCredentialsPerMinute: number;
  readonly concertsCacheTtlSeconds: number;
  readonly schedulesCacheTtlSeconds: number;
  readonly currency: string;
  readonly allowSelfCharge: boolean;
  /** Origins whose pages may read the answers to fans. */
  readonly allowedOrigins: readonly string[];
  /** Origins whose pages may read the answers to operators. */
  readonly operatorOrigins: readonly string[];
  /** Of admissions for other servers; null if none are issued. */
  readonly admissions: AdmissionSettings | null;
  readonly operators: readonly NamedToken[];
  /** Their tokens open the check-in of tickets alone. */
  readonly doors: readonly NamedToken[];
  /** The first secret signs. All secrets verify. */
  readonly queueTokenSecrets: readonly string[];
  /** Seeds of Ed25519 keys, in hex. The first key signs. All keys verify. */
  readonly signingKeys: readonly string[];
  readonly users: UserCredentials;
  /** Of the challenge in front of lines; null if none is set up. */
  readonly turnstile: ChallengeSettings | null;
  /** The remote stores; null if the stores are in this process. */
  readonly remote: Remote | null;
  /** The share of requests without a fault that get a line in the log. */
  readonly logSamplePercent: number;
  readonly port: number;
  readonly dataDir: string | null;
  /** Whether all stores are on this machine: webhooks may name it, its pages may read answers. */
  readonly onThisMachine: boolean;
  /** Whether `POST /dev/sign-in` exists. */
  readonly localSignIn: boolean;
  /** The secrets that this run generated. */
  readonly made: readonly SecretName[];
}

export type SecretName =
  | "ADMIN_TOKEN"
  | "QUEUE_TOKEN_SECRET"
  | "SIGNING_KEY"
  | "USER_JWT_SECRET";
/** Generates a secret that the environment of a local run does not set. */
export type MakeSecret = (name: SecretName) => string;

export interface Remote {
  readonly redisUrl: string;
  readonly redisToken: string;
  readonly databaseUrl: string;
}

export type Environment = Readonly<Record<string, string | undefined>>;

const settings = z.object({
  QUEUE_CAPACITY: integer(1000, MAX_CAPACITY),
  ADMISSION_TTL_SECONDS: seconds(900),
  SHOW_UP_SECONDS: seconds(60),
  WAITING_TTL_SECONDS: seconds(21_600),
  POLL_MIN_SECONDS: seconds(2),
  POLL_MAX_SECONDS: seconds(60),
  HOLD_TTL_SECONDS: seconds(300),
  SEAT_LIMIT: integer(4, 1_000_000),
  FAILED_CREDENTIALS_PER_MINUTE: integer(600, 1_000_000),
  CONCERTS_CACHE_TTL_SECONDS: seconds(300),
  SCHEDULES_CACHE_TTL_SECONDS: seconds(60),
  CURRENCY: z.string().regex(/^[A-Z]{3}$/, "must be an ISO 4217 code such as KRW").default("KRW"),
  ALLOW_SELF_CHARGE: z.enum(["true", "false"], "must be true or false").optional(),
  ALLOWED_ORIGINS: z.string().optional(),
  OPERATOR_ORIGINS: z.string().optional(),
  ADMISSION_AUDIENCES: z.string().optional(),
  ADMISSION_ISSUER: z.string().optional(),
  ADMISSION_SUBJECT: z.enum(ADMISSION_SUBJECTS, "must be pseudonym or user").default("pseudonym"),
  ADMIN_TOKEN: z.string().optional(),
  DOOR_TOKEN: z.string().optional(),
  QUEUE_TOKEN_SECRET: z.string().optional(),
  SIGNING_KEY: z.string().refine(
    (value) => listOf(value).every((key) => /^[0-9a-f]{64}$/i.test(key)),
    "must be 64 hex digits: the 32 bytes of an Ed25519 key",
  ).optional(),
  USER_JWT_SECRET: z.string().optional(),
  USER_JWKS_URL: url(/^https?$/, "https://id.example.com/.well-known/jwks.json").refine(
    (value) => value === undefined || isSafeFromNetwork(value),
    "must begin with https, except on loopback",
  ),
  USER_JWT_ISSUER: z.string().optional(),
  USER_JWT_AUDIENCE: z.string().optional(),
  TURNSTILE_SECRET: z.string().optional(),
  TURNSTILE_SITE_KEY: z.string().optional(),
  UPSTASH_REDIS_REST_URL: url(/^https?$/, "https://name.upstash.io"),
  UPSTASH_REDIS_REST_TOKEN: z.string().optional(),
  DATABASE_URL: url(/^postgres(ql)?$/, DATABASE_EXAMPLE).refine(
    (value) => value === undefined || namesDatabase(value),
    `must name user, host and database, as in ${DATABASE_EXAMPLE}`,
  ),
  LOG_SAMPLE_PERCENT: percent(),
  PORT: integer(8787, 65_535),
  DATA_DIR: z.string().optional(),
});

export const SETTING_NAMES: readonly string[] = Object.keys(settings.shape);

type Settings = z.output<typeof settings>;
type Faults = { setting: string; message: string }[];

/** Bad settings stop the start, with every fault listed at once. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
  constructor(readonly faults: readonly { setting: string; message: string }[]) {
    super(faults.map(({ setting, message }) => `${setting} ${message}`).join("\n"));
  }
}

/** The fault of a CURRENCY that is not the one of the database. */
export function currencyFault({ kept }: OtherCurrencyError): ConfigError {
  const message = `must be ${kept}: the amounts of this database are in it`;
  return new ConfigError([{ setting: "CURRENCY", message }]);
}

/** The same error, or the fault of CURRENCY that it means. */
export function settingsFault(error: unknown): unknown {
  return error instanceof OtherCurrencyError ? currencyFault(error) : error;
}

/** Settings that look like misspelt ones. Their values would be ignored in silence. */
export function misspeltSettings(environment: Environment): Faults {
  return Object.keys(environment).flatMap((setting) => {
    const meant = environment[setting] ? likelyMeant(setting, SETTING_NAMES) : null;
    return meant === null ? [] : [{ setting, message: `is not a setting: is ${meant} meant?` }];
  });
}

/**
 * Parses the settings. A run without a remote store is local: it may leave out secrets, which
 * `makeSecret` then generates, and use short ones. Without `makeSecret` no run is local. Throws
 * `ConfigError`.
 */
export function parseConfig(environment: Environment, makeSecret: MakeSecret | null): Config {
  const faults = misspeltSettings(environment);
  const given = Object.fromEntries(
    SETTING_NAMES
      .map((name) => [name, environment[name]])
      .filter(([, value]) => value !== undefined && value !== ""),
  ) as Record<string, string>;
  const parsed = settings.safeParse(given);
  for (const { path, message } of parsed.error?.issues ?? []) {
    faults.push({ setting: String(path[0]), message });
  }
  const local = makeSecret !== null &&
    !["UPSTASH_REDIS_REST_URL", "UPSTASH_REDIS_REST_TOKEN", "DATABASE_URL"]
      .some((name) => given[name]);
  checkTogether(given, local, faults);
  if (!parsed.success || faults.length > 0) throw new ConfigError(faults);
  return toConfig(parsed.data, local, makeSecret);
}

/** Faults that depend on several settings or on the kind of run. */
function checkTogether(given: Record<string, string>, local: boolean, faults: Faults): void {
  const fault = (setting: string, message: string) => faults.push({ setting, message });
  const min = Number(given["POLL_MIN_SECONDS"] ?? 2);
  const max = Number(given["POLL_MAX_SECONDS"] ?? 60);
  if (max < min) fault("POLL_MAX_SECONDS", `must not be below POLL_MIN_SECONDS (${min})`);

  const named = Object.keys(given).filter((name) => name.startsWith("USER_J"));
  const { USER_JWT_SECRET: secret, USER_JWKS_URL: jwks } = given;
  if (secret && jwks) fault("USER_JWT_SECRET", "and USER_JWKS_URL exclude each other: set one");
  if (!secret && !jwks && (!local || named.length > 0)) {
    fault("USER_JWT_SECRET", "or USER_JWKS_URL is required");
  }
  if (jwks) {
    for (const name of ["USER_JWT_ISSUER", "USER_JWT_AUDIENCE"]) {
      if (!given[name]) fault(name, "is required with USER_JWKS_URL");
    }
  }
  if (namedTokensOf(given["ADMIN_TOKEN"] ?? "", "operator").some(({ name }) => name === "")) {
    fault("ADMIN_TOKEN", "has an operator without a name");
  }
  for (const [name, tokens] of Object.entries(secretsOf(given))) {
    for (const token of tokens) {
      if (token === "") fault(name, "has an empty part");
      else if (!local && new TextEncoder().encode(token).length < MIN_SECRET_BYTES) {
        fault(name, `must have at least ${MIN_SECRET_BYTES} bytes`);
      }
    }
  }
  checkOrigins(given, fault);
  checkAdmissions(given, fault);
  checkChallenge(given, fault);
  const operatorTokens = given["ADMIN_TOKEN"] ? tokensOf(given["ADMIN_TOKEN"]) : [];
  const doorTokens = given["DOOR_TOKEN"] ? tokensOf(given["DOOR_TOKEN"]) : [];
  if (doorTokens.some((token) => token !== "" && operatorTokens.includes(token))) {
    fault("DOOR_TOKEN", "must have no token of ADMIN_TOKEN, which opens every operator route");
  }
  if (!local) {
    const required = [
      "ADMIN_TOKEN",
      "QUEUE_TOKEN_SECRET",
      "SIGNING_KEY",
      "UPSTASH_REDIS_REST_URL",
      "UPSTASH_REDIS_REST_TOKEN",
      "DATABASE_URL",
    ];
    for (const name of required) if (!given[name]) fault(name, "is required");
  }
}

function toConfig(read: Settings, local: boolean, makeSecret: MakeSecret | null): Config {
  const made: SecretName[] = [];
  const orMade = (name: SecretName) => {
    const value = read[name];
    if (value) return value;
    if (!makeSecret) throw new Error(`${name} passed the checks without a value`);
    made.push(name);
    return makeSecret(name);
  };
  const onThisMachine = local ||
    [read.UPSTASH_REDIS_REST_URL!, read.DATABASE_URL!]
      .every((url) => isLoopbackHost(new URL(url).hostname));
  const localSignIn = local && !read.USER_JWT_SECRET && !read.USER_JWKS_URL;
  return {
    capacity: read.QUEUE_CAPACITY,
    admissionTtlSeconds: read.ADMISSION_TTL_SECONDS,
    showUpSeconds: read.SHOW_UP_SECONDS,
    waitingTtlSeconds: read.WAITING_TTL_SECONDS,
    pollMinSeconds: read.POLL_MIN_SECONDS,
    pollMaxSeconds: read.POLL_MAX_SECONDS,
    holdTtlSeconds: read.HOLD_TTL_SECONDS,
    seatLimit: read.SEAT_LIMIT,
    failedCredentialsPerMinute: read.FAILED_CREDENTIALS_PER_MINUTE,
    concertsCacheTtlSeconds: read.CONCERTS_CACHE_TTL_SECONDS,
    schedulesCacheTtlSeconds: read.SCHEDULES_CACHE_TTL_SECONDS,
    currency: read.CURRENCY,
    allowSelfCharge: read.ALLOW_SELF_CHARGE ? read.ALLOW_SELF_CHARGE === "true" : local,
    allowedOrigins: read.ALLOWED_ORIGINS ? listOf(read.ALLOWED_ORIGINS) : [],
    operatorOrigins: read.OPERATOR_ORIGINS ? listOf(read.OPERATOR_ORIGINS) : [],
    admissions: admissionSettings(read),
    operators: namedTokensOf(orMade("ADMIN_TOKEN"), "operator"),
    doors: read.DOOR_TOKEN ? namedTokensOf(read.DOOR_TOKEN, "door") : [],
    queueTokenSecrets: listOf(orMade("QUEUE_TOKEN_SECRET")),
    signingKeys: listOf(orMade("SIGNING_KEY")),
    turnstile: challengeSettings(read),
    users: userCredentials(read, () => orMade("USER_JWT_SECRET")),
    remote: local ? null : {
      redisUrl: read.UPSTASH_REDIS_REST_URL!,
      redisToken: read.UPSTASH_REDIS_REST_TOKEN!,
      databaseUrl: read.DATABASE_URL!,
    },
    logSamplePercent: read.LOG_SAMPLE_PERCENT ?? (onThisMachine ? 0 : DEPLOYED_LOG_PERCENT),
    onThisMachine,
    port: read.PORT,
    dataDir: read.DATA_DIR ?? null,
    localSignIn,
    made,
  };
}
