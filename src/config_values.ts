import { z } from "zod";
import { MAX_DURATION_SECONDS } from "./domain/limits.ts";
import { isLoopbackHost } from "./domain/loopback.ts";
import { originFault } from "./domain/origins.ts";

// What one value of a setting may be, and what it says.

/** The name and the token of one operator or door. */
export interface NamedToken {
  readonly name: string;
  readonly token: string;
}

export function integer(byDefault: number, max: number) {
  const message = `must be a whole number from 1 to ${max}`;
  return z.string().regex(/^[1-9]\d{0,15}$/, message).transform(Number)
    .refine((value) => value <= max, message).default(byDefault);
}

/** A share, which may be 0. */
export function percent() {
  const message = "must be a whole number from 0 to 100";
  return z.string().regex(/^(?:0|[1-9]\d?|100)$/, message).transform(Number).optional();
}

export const seconds = (byDefault: number) => integer(byDefault, MAX_DURATION_SECONDS);
export const url = (protocol: RegExp, example: string) =>
  z.url({ protocol, error: `must be a URL such as ${example}` }).optional();

/** Keys that travel unencrypted could be exchanged on the way. */
export function isSafeFromNetwork(value: string): boolean {
  if (!URL.canParse(value)) return true; // the schema reports it
  const { protocol, hostname } = new URL(value);
  return protocol !== "http:" || isLoopbackHost(hostname);
}

export const DATABASE_EXAMPLE = "postgresql://user:password@host/database";
export function namesDatabase(value: string): boolean {
  if (!URL.canParse(value)) return true; // the schema reports it
  const { protocol, username, hostname, pathname } = new URL(value);
  if (!protocol.startsWith("postgres")) return true; // the schema reports it
  return username !== "" && hostname !== "" && pathname.length > 1;
}

/** The parts of a setting that may have several. */
export function listOf(setting: string): string[] {
  return setting.split(",").map((part) => part.trim());
}

/** `token`, whose name is `byDefault`, or `name:token,name:token`. */
export function namedTokensOf(setting: string, byDefault: string): NamedToken[] {
  return listOf(setting).map((part) => {
    const colon = part.indexOf(":");
    return colon < 0
      ? { name: byDefault, token: part }
      : { name: part.slice(0, colon).trim(), token: part.slice(colon + 1).trim() };
  });
}

export function tokensOf(setting: string): string[] {
  return namedTokensOf(setting, "").map(({ token }) => token);
}

/** The secrets in the settings, by their names. */
export function secretsOf(given: Readonly<Record<string, string>>): Record<string, string[]> {
  const { ADMIN_TOKEN: admin, DOOR_TOKEN: door } = given;
  const { QUEUE_TOKEN_SECRET: queue, USER_JWT_SECRET: user } = given;
  return {
    ...(admin ? { ADMIN_TOKEN: tokensOf(admin) } : {}),
    ...(door ? { DOOR_TOKEN: tokensOf(door) } : {}),
    ...(queue ? { QUEUE_TOKEN_SECRET: listOf(queue) } : {}),
    ...(user ? { USER_JWT_SECRET: listOf(user) } : {}),
  };
}

export type GivenSettings = Readonly<Record<string, string | undefined>>;
export type ReportFault = (setting: string, message: string) => void;

/** Reports every faulty origin of pages that may read answers. */
export function checkOrigins(given: GivenSettings, fault: ReportFault): void {
  for (const name of ["ALLOWED_ORIGINS", "OPERATOR_ORIGINS"]) {
    for (const origin of given[name] ? listOf(given[name]) : []) {
      const message = originFault(origin);
      if (message !== null) fault(name, `${message}: ${JSON.stringify(origin)} is not`);
    }
  }
}
