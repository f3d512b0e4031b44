/**
 * The version of the layout of a room's keys: what they contain, and what scripts do with it. It is
 * raised by a program that could not keep a line together with the program before it. A room has
 * the layout of the program that began its epoch, and the scripts of another layout refuse it.
 */
export const LAYOUT = 4;

/** What a script answers about a room of another layout; see `room.lua`. */
const REFUSAL = /LINE_LAYOUT (\d+)/;

/** The line is one of another version of the program. */
export class LineLayoutError extends Error {
  override readonly name = "LineLayoutError";
  constructor(stored: string) {
    super(
      `the line in Redis was begun by another version of Stanchion: it has layout ${stored}, and ` +
        `this version keeps layout ${LAYOUT}. See "Another layout of the line" in docs/deploying.md`,
    );
  }
}

/** Null for an error of another kind. */
export function layoutErrorOf(message: string): LineLayoutError | null {
  const stored = REFUSAL.exec(message)?.[1];
  return stored === undefined ? null : new LineLayoutError(stored);
}
