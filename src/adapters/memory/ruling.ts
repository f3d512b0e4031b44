import type { Rules } from "../../domain/room.ts";
import { openLot, replaceDraw } from "./gathering.ts";
import type { Room } from "./room.ts";
import { replaceRules } from "./rules.ts";
import { upkeep } from "./upkeep.ts";

/** Replaces the rules unless they have a higher version. Returns whether they were replaced. */
export function changeRules(room: Room, next: Rules, nowMs: number): boolean {
  room.rules.checkedAtMs = nowMs;
  if (next.version <= room.rules.current.version) return false;
  // What is due, as an opening, was due under the present rules.
  if (nowMs >= room.dueMs) upkeep(room, nowMs);
  replaceRules(room.rules, next, nowMs, room.settings.showUpMs);
  if (next.draw && next.draw.id !== room.lobby.draw?.id) openLot(room, nowMs);
  if (next.draw) replaceDraw(room, next.draw);
  room.dueMs = 0;
  return true;
}
