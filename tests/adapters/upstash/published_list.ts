import { createHash, createHmac } from "node:crypto";
import { MAIN_ROOM } from "../../../src/domain/ids.ts";
import type { DrawnTicket } from "../../../src/ports/queue_store.ts";
import { TEST_DRAW } from "../../contract/queue_store/harness.ts";
import type { ProbedLine } from "./script_probe.ts";

const DIGEST_LENGTH = 14;
const LIST_PAGE = 1_000;

export const digestOf = (fan: string) =>
  createHash("sha256").update(fan).digest("base64url").slice(0, DIGEST_LENGTH);

/** By the published text, with another library: pseudonyms in the order of the draw. */
export function expectedList(digests: readonly string[]): string[] {
  const fans = digests.map((digest) => {
    const pseudonym = createHash("sha1").update(TEST_DRAW.salt + digest).digest("hex").slice(0, 16);
    const value = createHmac("sha1", TEST_DRAW.seed).update(pseudonym).digest("hex").slice(0, 13);
    return { pseudonym, value };
  });
  return fans.sort((a, b) => a.value < b.value ? -1 : 1).map(({ pseudonym }) => pseudonym);
}

export async function publishedList(line: ProbedLine): Promise<DrawnTicket[]> {
  const list: DrawnTicket[] = [];
  for (;;) {
    const page = await line.queue.listDraw(MAIN_ROOM, list.length, LIST_PAGE);
    if (page.length === 0) return list;
    list.push(...page);
  }
}

/** The digests of the fans of a crowd; see `crowd` of `ProbedLine`. */
export function digestsOfCrowd(count: number): string[] {
  return Array.from({ length: count }, (_, i) => `${i}`.padStart(DIGEST_LENGTH, "."));
}
