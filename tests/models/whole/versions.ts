import type { Config } from "../../../src/config.ts";
import { boxConfig } from "../../support/api_box.ts";
import { ISSUER, KEY_SET_URL } from "./sign_in.ts";
import { CHALLENGE_SETTINGS } from "./verifier.ts";

export const SEAT_LIMIT = 2;
export const WAITING_TTL_MS = 480_000;
export const SHOW_UP_MS = 20_000;

const SETTINGS = {
  SEAT_LIMIT: String(SEAT_LIMIT),
  WAITING_TTL_SECONDS: String(WAITING_TTL_MS / 1000),
  SHOW_UP_SECONDS: String(SHOW_UP_MS / 1000),
  POLL_MAX_SECONDS: "10",
  ...CHALLENGE_SETTINGS,
  DOOR_TOKEN: `gate:${"d".repeat(32)}`,
};

/**
 * In what a version may differ from another one that runs beside it during a deploy: in whatever
 * is not kept in the stores. A new layout of a cached value or of a document has a key of its own.
 */
export interface Version {
  readonly settings: Readonly<Record<string, string>>;
  /** Whether the check of an admission and the read of the cache are one call. */
  readonly checksWithRead: boolean;
  /** Whether documents that come along with other answers are kept. */
  readonly keepsComingFronts: boolean;
  /** Whether a call that may be repeated is sent again when its answer is lost. */
  readonly repeats: boolean;
  /** So many rows are swept in one statement; null for the program's own number. */
  readonly sweepLimit: number | null;
  /** Whether isolates of one location share documents. */
  readonly sharesDocuments: boolean;
  /** What a shared document has that the program does not read. */
  readonly unreadMembers: Readonly<Record<string, unknown>>;
}

const PRESENT: Version = {
  settings: {},
  checksWithRead: true,
  keepsComingFronts: true,
  repeats: true,
  sweepLimit: null,
  sharesDocuments: true,
  unreadMembers: {},
};

export const VERSIONS = {
  PRESENT,
  FORMER: {
    ...PRESENT,
    settings: { CONCERTS_CACHE_TTL_SECONDS: "120", SCHEDULES_CACHE_TTL_SECONDS: "30" },
    checksWithRead: false,
    keepsComingFronts: false,
    repeats: false,
    sharesDocuments: false,
  },
  NEXT: {
    ...PRESENT,
    settings: { CONCERTS_CACHE_TTL_SECONDS: "200", SCHEDULES_CACHE_TTL_SECONDS: "45" },
    sweepLimit: 1,
    unreadMembers: { outlook: { turns: [1, 2, 3] }, waiting2: null },
  },
} satisfies Readonly<Record<string, Version>>;
export type VersionName = keyof typeof VERSIONS;
export const VERSION_NAMES = Object.keys(VERSIONS) as VersionName[];

const configs = new Map<string, Config>();

/** The settings of the isolates of a version. */
export function configOf(usesKeySet: boolean, name: VersionName): Config {
  const key = `${usesKeySet} ${name}`;
  if (!configs.has(key)) {
    const config = boxConfig({
      ...SETTINGS,
      ...VERSIONS[name].settings,
      ...usesKeySet ? { ...ISSUER, USER_JWKS_URL: KEY_SET_URL, USER_JWT_SECRET: "" } : {},
    });
    configs.set(key, config);
  }
  return configs.get(key)!;
}
