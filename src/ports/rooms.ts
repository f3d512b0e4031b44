import type { OperatorAct } from "../domain/audit.ts";
import type { FailureOf } from "../domain/failures.ts";
import type { RoomId } from "../domain/ids.ts";
import type { Result } from "../domain/result.ts";
import type { Draw, RoomSettings, Rules } from "../domain/room.ts";

/**
 * The rooms with their settings, which outlive the queue's store. Each method is one statement. A
 * change and its entry in the audit log are one act. The room `main` is created with the default
 * settings by the first call that names it.
 */
export interface Rooms {
  /** The rules that the queue must follow; null if there is no such room. */
  rules(room: RoomId): Promise<Rules | null>;
  list(): Promise<readonly Room[]>;
  find(room: RoomId): Promise<Room | null>;
  /** `draw` is used if the room begins as a LOBBY. */
  create(
    room: RoomId,
    settings: Partial<RoomSettings>,
    draw: Draw,
    act: OperatorAct,
  ): Promise<Result<ChangedRoom, FailureOf<"ROOM_EXISTS" | "VALIDATION_FAILED">>>;
  /**
   * Changes the settings that `changes` names. A room that becomes a LOBBY gets `draw`, unless it
   * has a draw that was not held yet. A room that leaves LOBBY for OPEN, HELD or DRAINING has held
   * its draw. An opening that is due is recorded first. A call without effect writes nothing.
   */
  change(
    room: RoomId,
    changes: Partial<RoomSettings>,
    draw: Draw,
    act: OperatorAct,
  ): Promise<Result<ChangedRoom, FailureOf<"ROOM_NOT_FOUND" | "VALIDATION_FAILED">>>;
  /** Records the opening if its time has passed; null if there is no such room. */
  recordOpening(room: RoomId): Promise<ChangedRoom | null>;
}

export interface Room {
  readonly room: RoomId;
  /** The settings of this moment: a room whose opening time has passed is OPEN. */
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
