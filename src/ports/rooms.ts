import type { OperatorAct } from "../domain/audit.ts";
import type { FailureOf } from "../domain/failures.ts";
import type { RoomId } from "../domain/ids.ts";
import type { Result } from "../domain/result.ts";
import type { Draw, RoomSettings, RoomState, Rules } from "../domain/room.ts";
import type { IdempotencyFailure, IdempotentRequest } from "./idempotency.ts";

/**
 * The rooms with their settings, which outlive the queue's store. Each method is one statement. A
 * change and its entry in the audit log are one act. The room `main` is created with the default
 * settings by the first call that names it.
 */
export interface Rooms {
  /** What a queue needs that knows nothing of the room. */
  rules(room: RoomId): Promise<RoomLookup>;
  /** The names of all rooms. */
  names(): Promise<readonly RoomId[]>;
  /** By name, at most `limit`, those after the name `after`. */
  list(page: { readonly after: RoomId | null; readonly limit: number }): Promise<readonly Room[]>;
  find(room: RoomId): Promise<Room | null>;
  /** `draw` is used if fans gather in the room. */
  create(
    room: RoomId,
    settings: Partial<RoomSettings>,
    draw: Draw,
    act: OperatorAct,
    options?: CreateOptions,
  ): Promise<Result<CreatedRoom, CreateRoomFailure>>;
  /**
   * Changes the settings that `changes` names; a state that does not keep the opening time removes
   * it, unless it is named too. A room in which fans gather gets `draw`, unless it has a draw that
   * was not held yet. A change that holds the draw needs `endLobby`: that to a state that ends the
   * gathering and, up to `OPENING_MARGIN_MS` before the opening time, that of the state or of the
   * opening time. An opening that is due is recorded first. A call without effect writes nothing.
   */
  change(
    room: RoomId,
    changes: Partial<RoomSettings>,
    draw: Draw,
    act: OperatorAct,
    options?: ChangeOptions,
  ): Promise<
    Result<ChangedRoom, FailureOf<"ROOM_NOT_FOUND" | "LOBBY_WOULD_END"> | RoomSettingsRefusal>
  >;
  /**
   * Whether the room can be deleted: it is not `main`, and none of its concerts that is not withdrawn
   * has a schedule on sale now or later. Gives its version.
   */
  checkRemoval(
    room: RoomId,
  ): Promise<Result<RoomVersion, FailureOf<"ROOM_NOT_FOUND" | "ROOM_IN_USE">>>;
  /**
   * Deletes the room, if that is possible. The deletion is a version, `atLeast` or higher, and a
   * room that is created under the same name has a higher one.
   */
  remove(
    room: RoomId,
    act: OperatorAct,
    options: { readonly atLeast: number },
  ): Promise<Result<RoomVersion, FailureOf<"ROOM_NOT_FOUND" | "ROOM_IN_USE">>>;
  /** Records the opening if its time has passed; null if there is no such room. */
  recordOpening(room: RoomId): Promise<ChangedRoom | null>;
}

export interface CreateOptions extends Pick<ChangeOptions, "atLeast"> {
  /** The line that has the name of the room already, or null. The answer has it again. */
  readonly line?: RoomLine | null;
  readonly once?: IdempotentRequest | null;
}

/** The counts of a line, as the operator sees them with its room. */
export interface RoomLine {
  readonly gathered: number;
  readonly waiting: number;
  readonly admitted: number;
  readonly parked: number;
  readonly admittedLastMinute: number;
}

export interface CreatedRoom extends ChangedRoom {
  readonly line: RoomLine | null;
  /** Whether an earlier request with the same key created it. */
  readonly replayed: boolean;
}

export type CreateRoomFailure =
  | IdempotencyFailure
  | FailureOf<"ROOM_EXISTS">
  | RoomSettingsRefusal;

/** What a queue needs that knows nothing of a room. */
export interface RoomLookup {
  /** The rules that the queue must follow; null if there is no such room. */
  readonly rules: Rules | null;
  /** The version of the deletion of a deleted room; null if it was never deleted, or exists. */
  readonly deletedVersion: number | null;
  /** All rooms. */
  readonly names: readonly RoomId[];
}

export interface RoomVersion {
  readonly version: number;
}

export interface ChangeOptions {
  readonly endLobby?: boolean;
  /**
   * The version that the queue follows. It is above that of the room after the database was
   * restored; then every call is a change, and the new version is above both.
   */
  readonly atLeast?: number;
}

/** What is wrong with settings, the stored and the requested ones taken together. */
export type RoomSettingsFault =
  /** A room of this state does not open by itself. */
  | { readonly code: "OPENS_AT_NOT_ALLOWED"; readonly state: RoomState }
  /** `now` is RFC 3339. */
  | { readonly code: "OPENS_AT_IN_PAST"; readonly now: string }
  /** Of the requested maximum; the minimum is the one in force. */
  | { readonly code: "POLL_MAX_BELOW_MIN"; readonly pollMinSeconds: number }
  /** Of the requested minimum; the maximum is the one in force. */
  | { readonly code: "POLL_MIN_ABOVE_MAX"; readonly pollMaxSeconds: number }
  /** No challenge is set up for this deployment. */
  | { readonly code: "NO_CHALLENGE" };

export interface RoomSettingsRefusal {
  readonly kind: "ROOM_SETTINGS_INVALID";
  readonly faults: readonly RoomSettingsFault[];
}

export interface Room {
  readonly room: RoomId;
  /** The settings of this moment: a room whose opening time has passed is open. */
  readonly settings: RoomSettings;
  readonly version: number;
  readonly draw: RoomDraw | null;
  /** RFC 3339. */
  readonly changedAt: string;
}

/** The public part of a room's latest draw. */
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
