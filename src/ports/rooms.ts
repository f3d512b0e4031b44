import type { Page, PageRequest } from "../domain/booking.ts";
import type { FailureOf } from "../domain/failures.ts";
import type { RoomId } from "../domain/ids.ts";
import type { Result } from "../domain/result.ts";
import type { Draw, RoomSettings, RoomState, Rules, Stock } from "../domain/room.ts";

/**
 * The rooms and what operators did: what outlives the line's store. Each method is one statement.
 * A change and its line in the audit log are one act. The room `main` comes into being, with the
 * first settings, when it is first asked for.
 */
export interface Rooms {
  /** What the line is to follow; null if there is no such room. */
  rules(room: RoomId): Promise<Rules | null>;
  list(): Promise<readonly Room[]>;
  find(room: RoomId): Promise<Room | null>;
  /** `draw` is for a room that begins as a lobby. */
  create(
    room: RoomId,
    settings: Partial<RoomSettings>,
    draw: Draw,
    act: OperatorAct,
  ): Promise<Result<ChangedRoom, FailureOf<"ROOM_EXISTS"> | RoomSettingsRefusal>>;
  /**
   * Changes what is named. A room that becomes a LOBBY gets `draw`, unless it has one that was not
   * held yet; one that leaves it for OPEN, HELD or DRAINING has held its draw. What time has done
   * by then is written down first. What changes nothing writes nothing, and tells the same.
   */
  change(
    room: RoomId,
    changes: Partial<RoomSettings>,
    draw: Draw,
    act: OperatorAct,
  ): Promise<Result<ChangedRoom, FailureOf<"ROOM_NOT_FOUND"> | RoomSettingsRefusal>>;
  /** Writes down that the opening time has passed, if it has; null if there is no such room. */
  settle(room: RoomId): Promise<ChangedRoom | null>;
  /** Writes down what was done elsewhere. */
  record(entry: NewAuditEntry): Promise<void>;
  /** Newest first. */
  auditLog(room: RoomId | null, page: PageRequest): Promise<Page<AuditEntry>>;
  /** Counts the seats left in a room's concerts; null when it never had any. */
  stock(room: RoomId): Promise<Stock | null>;
}

/** What is wrong with settings, the stored and the requested ones taken together. */
export type RoomSettingsFault =
  /** Only a CLOSED or LOBBY room opens by itself. */
  | { readonly code: "OPENS_AT_NOT_ALLOWED"; readonly state: RoomState }
  /** `now` is RFC 3339. */
  | { readonly code: "OPENS_AT_IN_PAST"; readonly now: string }
  /** Of the requested maximum; the minimum is the one in force. */
  | { readonly code: "POLL_MAX_BELOW_MIN"; readonly pollMinSeconds: number }
  /** Of the requested minimum; the maximum is the one in force. */
  | { readonly code: "POLL_MIN_ABOVE_MAX"; readonly pollMaxSeconds: number };

export interface RoomSettingsRefusal {
  readonly kind: "ROOM_SETTINGS_INVALID";
  readonly faults: readonly RoomSettingsFault[];
}

export interface Room {
  readonly room: RoomId;
  /** As they are now: a room whose time has come is OPEN. */
  readonly settings: RoomSettings;
  readonly version: number;
  readonly draw: RoomDraw | null;
  /** RFC 3339. */
  readonly changedAt: string;
}

/** The latest draw of a room, as far as it is public. */
export interface RoomDraw {
  readonly drawId: string;
  /** SHA-256 of the seed's text, in hex. */
  readonly commitment: string;
  /** Null until the draw was held. */
  readonly seed: string | null;
  /** RFC 3339. */
  readonly openedAt: string | null;
}

export interface ChangedRoom {
  readonly room: Room;
  readonly rules: Rules;
}

/** Who did it, and why. */
export interface OperatorAct {
  readonly operator: string;
  readonly reason: string | null;
}

export const AUDIT_ACTIONS = [
  "ROOM_CREATED",
  "ROOM_CHANGED",
  "ROOM_OPENED",
  "PROMOTED",
  "PLACE_ENDED",
  "CACHES_EVICTED",
  "CONCERT_CREATED",
  "CONCERT_CHANGED",
] as const;
export type AuditAction = typeof AUDIT_ACTIONS[number];

/** Whoever did what no operator did: the time that was set. */
export const THE_CLOCK = "the clock";

export interface NewAuditEntry extends OperatorAct {
  readonly action: AuditAction;
  readonly room: RoomId | null;
  /** What it was done to: a concert's id, a user's. */
  readonly subject: string | null;
  readonly old: unknown;
  readonly new: unknown;
}

export interface AuditEntry extends NewAuditEntry {
  readonly entryId: number;
  /** RFC 3339. */
  readonly at: string;
}
