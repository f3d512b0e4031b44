import type { Front } from "../domain/front.ts";
import type { RoomId } from "../domain/ids.ts";

/**
 * Front documents that the isolates of one location share for about a second. Nothing depends on
 * them: a failure is reported and counts as a miss, and neither method throws.
 */
export interface FrontDocuments {
  read(room: RoomId): Promise<Front | null>;
  write(room: RoomId, front: Front): Promise<void>;
}
