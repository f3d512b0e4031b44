import assert from "node:assert/strict";
import { createHash, createHmac } from "node:crypto";
import { type FanId, MAIN_ROOM } from "../../../src/domain/ids.ts";
import { type PlaceRef, ticketOf } from "../../../src/domain/queue.ts";
import type { Draw } from "../../../src/domain/room.ts";
import type { DrawnTicket } from "../../../src/ports/queue_store.ts";
import type { Scene } from "./harness.ts";

/** What a draw is by its published text, worked out with another library than the adapters use. */

const FAN_DIGEST_LENGTH = 14;
const PSEUDONYM_LENGTH = 16;
const LOT_LENGTH = 13;
/** A crowd is drained in this many acts at most. */
const MAX_ROUNDS = 20;

/** The public name of a fan. With the salt anybody can compute it. */
export function pseudonymOf({ salt }: Draw, fan: FanId): string {
  const digest = createHash("sha256").update(fan).digest("base64url").slice(0, FAN_DIGEST_LENGTH);
  return createHash("sha1").update(`${salt}${digest}`).digest("hex").slice(0, PSEUDONYM_LENGTH);
}

/** The lower goes first. */
export function lotOf({ seed }: Draw, pseudonym: string): number {
  return parseInt(
    createHmac("sha1", seed).update(pseudonym).digest("hex").slice(0, LOT_LENGTH),
    16,
  );
}

export interface Gathered {
  readonly fan: string;
  readonly place: PlaceRef;
  readonly pseudonym: string;
}

/** These join one after the other; fails unless all of them gather. */
export async function gather(line: Scene, ...fans: string[]): Promise<Gathered[]> {
  const gathered: Gathered[] = [];
  for (const fan of fans) {
    const { place, standing } = await line.join(fan);
    assert.equal(standing.state, "GATHERED");
    gathered.push({ fan, place, pseudonym: standing.pseudonym });
  }
  return gathered;
}

export function crowd(size: number): string[] {
  return Array.from({ length: size }, (_, i) => `fan-${String(i).padStart(4, "0")}`);
}

/** First to last, by the seed and the pseudonyms of the answers. */
export function inDrawOrder(draw: Draw, gathered: readonly Gathered[]): Gathered[] {
  return gathered.toSorted((a, b) => lotOf(draw, a.pseudonym) - lotOf(draw, b.pseudonym));
}

/** Promotes until all who gathered have their tickets. */
export async function drawAll(line: Scene): Promise<void> {
  for (let round = 0; round < MAX_ROUNDS; round++) {
    if (!(await line.promote()).more) return;
  }
  assert.fail(`there was still more after ${MAX_ROUNDS} rounds`);
}

/** The published list, page by page. */
export async function published(line: Scene, pageSize = 1_000): Promise<DrawnTicket[]> {
  const all: DrawnTicket[] = [];
  for (;;) {
    const page = await line.queue.listDraw(MAIN_ROOM, all.at(-1)?.ticket ?? 0, pageSize);
    assert.ok(page.length <= pageSize);
    if (page.length === 0) return all;
    all.push(...page);
  }
}

/** The ticket number in the answer to a fan; null before there is one. */
export async function ticketNumberOf(line: Scene, place: PlaceRef): Promise<number | null> {
  const standing = await line.queue.status(place);
  if (standing.state !== "WAITING" && standing.state !== "ADMITTED") return null;
  return standing.order === null ? null : ticketOf(standing.order);
}
