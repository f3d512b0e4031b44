import type { Draw, DrawnTicket } from "./answers.ts";
import { readPages } from "./records.ts";
import type { Seen } from "./seen.ts";
import type { Stopper } from "./stopper.ts";
import { sampleDraw } from "./watch.ts";
import type { Wire } from "./wire.ts";

const PAGE = 1_000;
/** What everybody is told of a room may be ten seconds old. */
const MAX_LOOKS = 20;
const LOOK_EVERY_MS = 1_000;

/** The draw as it was published. */
export interface DrawRecords {
  readonly draw: Draw | null;
  readonly list: readonly DrawnTicket[];
  /** The order's values by pseudonym, as the published seed gives them. */
  readonly values: ReadonlyMap<string, string>;
  /** SHA-256 of the seed's text, in hex. */
  readonly seedDigest: string | null;
}

export interface DrawParts {
  readonly wire: Wire;
  readonly seen: Seen;
  readonly stopper: Stopper;
  readonly room: string;
  readonly operatorToken: string;
}

const VALUE_DIGITS = 13;
const bytes = (text: string) => new TextEncoder().encode(text);

/** Hex of equal length is in the order of its numbers. */
export async function drawValues(
  seed: string,
  pseudonyms: readonly string[],
): Promise<Map<string, string>> {
  const algorithm = { name: "HMAC", hash: "SHA-1" };
  const key = await crypto.subtle.importKey("raw", bytes(seed), algorithm, false, ["sign"]);
  const values = pseudonyms.map(async (pseudonym): Promise<[string, string]> => {
    const mac = new Uint8Array(await crypto.subtle.sign("HMAC", key, bytes(pseudonym)));
    return [pseudonym, mac.toHex().slice(0, VALUE_DIGITS)];
  });
  return new Map(await Promise.all(values));
}

export async function digestOf(text: string): Promise<string> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes(text))).toHex();
}

/** The cron writes an opening down, within a minute of it: this does not wait for that. */
async function awaitSeed({ wire, seen, stopper, room, operatorToken }: DrawParts): Promise<void> {
  if (await sampleDraw({ wire, seen, room }) !== null) return;
  await wire.ask({
    name: "operator: cron",
    method: "POST",
    path: "/v1/admin/queue/promotions",
    bearer: operatorToken,
    json: {},
  });
  for (let looks = 0; looks < MAX_LOOKS; looks++) {
    if (await sampleDraw({ wire, seen, room }) !== null) return;
    await stopper.sleep(LOOK_EVERY_MS);
  }
}

/** Reads what was published of the draw, and reckons what it should lead to. */
export async function readDraw(parts: DrawParts): Promise<DrawRecords> {
  await awaitSeed(parts);
  const { wire, seen, room, operatorToken } = parts;
  const draw = seen.draws.at(-1)?.draw ?? null;
  const path = `/v1/rooms/${room}/draw`;
  const list = await readPages<DrawnTicket>(wire, "audit", path, operatorToken, PAGE);
  const seed = draw?.seed ?? null;
  return {
    draw,
    list,
    values: seed === null
      ? new Map()
      : await drawValues(seed, list.map(({ pseudonym }) => pseudonym)),
    seedDigest: seed === null ? null : await digestOf(seed),
  };
}
