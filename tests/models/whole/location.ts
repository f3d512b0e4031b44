import { AssertionError } from "node:assert/strict";
import type { Front } from "../../../src/domain/front.ts";
import type { RoomId } from "../../../src/domain/ids.ts";
import type { Clock } from "../../../src/ports/clock.ts";
import type { FrontDocuments } from "../../../src/ports/front_documents.ts";
import type { Scheduler, Wire } from "./scheduler.ts";
import type { Version } from "./versions.ts";

/** The cache that isolates of one location share. It keeps the last document that has arrived. */
export type Location = Map<RoomId, { readonly json: string; readonly untilMs: number }>;

/** A document is asked to be kept for the shorter time, and a cache may take longer to drop it. */
const KEPT_MS = [1_000, 1_000, 4_000];

export interface LocationOptions {
  readonly location: Location;
  readonly wire: Wire;
  readonly scheduler: Scheduler;
  readonly clock: Clock;
  readonly random: () => number;
  readonly version: Version;
}

/** The documents of a location behind their wire. A failure counts as a miss. */
export function documentsOf(
  { location, wire, scheduler, clock, random, version }: LocationOptions,
): FrontDocuments {
  async function orElse<Answer>(
    what: string,
    act: () => Answer,
    fallback: Answer,
  ): Promise<Answer> {
    try {
      return await scheduler.call({
        wire,
        what,
        isRepeated: false,
        async act() {
          const answer = act();
          return () => answer;
        },
      });
    } catch (error) {
      if (error instanceof AssertionError) throw error;
      return fallback;
    }
  }
  return {
    read: (room) =>
      orElse("documents.read", () => {
        const kept = location.get(room);
        return kept && clock() < kept.untilMs ? JSON.parse(kept.json) as Front : null;
      }, null),
    write(room, front) {
      const json = JSON.stringify({ ...front, ...version.unreadMembers });
      return orElse("documents.write", () => {
        const keptMs = KEPT_MS[Math.floor(random() * KEPT_MS.length)]!;
        location.set(room, { json, untilMs: clock() + keptMs });
      }, undefined);
    },
  };
}
