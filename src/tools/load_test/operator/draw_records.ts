import type { Draw, DrawnTicket } from "../api/answers.ts";
import type { HttpClient } from "../api/http_client.ts";
import { readPages } from "../api/pages.ts";
import type { StopSwitch } from "../api/stop_switch.ts";
import type { Observations } from "../observations.ts";
import { sampleDraw } from "./sampler.ts";

const PAGE_LIMIT = 1_000;
/** The public answer about a room may be ten seconds old. The rest is for a busy machine. */
const MAX_SEED_READS = 120;
const SEED_READ_INTERVAL_MS = 1_000;
const ORDER_VALUE_DIGITS = 13;

/** The draw as the server published it. */
export interface DrawRecords {
  readonly draw: Draw | null;
  readonly list: readonly DrawnTicket[];
  /** By pseudonym: the value that decides the order, computed from the published seed. */
  readonly orderValues: ReadonlyMap<string, string>;
  /** SHA-256 of the seed's text, in hex. */
  readonly seedDigest: string | null;
}

export interface DrawRecordsParts {
  readonly client: HttpClient;
  readonly observations: Observations;
  readonly stopSwitch: StopSwitch;
  readonly room: string;
  readonly operatorToken: string;
}

const bytes = (text: string) => new TextEncoder().encode(text);

/**
 * The first 13 hex digits of HMAC-SHA-1(seed, pseudonym), by pseudonym. Hex strings of equal length
 * sort like their numbers.
 */
export async function computeOrderValues(
  seed: string,
  pseudonyms: readonly string[],
): Promise<Map<string, string>> {
  const algorithm = { name: "HMAC", hash: "SHA-1" };
  const key = await crypto.subtle.importKey("raw", bytes(seed), algorithm, false, ["sign"]);
  const values = pseudonyms.map(async (pseudonym): Promise<[string, string]> => {
    const mac = new Uint8Array(await crypto.subtle.sign("HMAC", key, bytes(pseudonym)));
    return [pseudonym, mac.toHex().slice(0, ORDER_VALUE_DIGITS)];
  });
  return new Map(await Promise.all(values));
}

export async function sha256Hex(text: string): Promise<string> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes(text))).toHex();
}

/** The cron records an opening within a minute. This runs the same work at once. */
async function awaitSeed(parts: DrawRecordsParts): Promise<void> {
  const { client, stopSwitch, operatorToken } = parts;
  if (await sampleDraw(parts) !== null) return;
  await client.send({
    name: "operator: cron",
    method: "POST",
    path: "/v1/admin/queue/promotions",
    bearer: operatorToken,
    json: {},
  });
  for (let reads = 0; reads < MAX_SEED_READS; reads++) {
    if (await sampleDraw(parts) !== null) return;
    await stopSwitch.sleep(SEED_READ_INTERVAL_MS);
  }
}

export async function readDrawRecords(parts: DrawRecordsParts): Promise<DrawRecords> {
  await awaitSeed(parts);
  const { client, observations, room, operatorToken } = parts;
  const draw = observations.draws.at(-1)?.draw ?? null;
  const path = `/v1/rooms/${room}/draw`;
  const list = await readPages<DrawnTicket>(client, path, operatorToken, PAGE_LIMIT);
  const seed = draw?.seed ?? null;
  const pseudonyms = list.map(({ pseudonym }) => pseudonym);
  return {
    draw,
    list,
    orderValues: seed === null ? new Map() : await computeOrderValues(seed, pseudonyms),
    seedDigest: seed === null ? null : await sha256Hex(seed),
  };
}
