const KEPT = "stanchion room";
const MAIN = "main";
/** Where session storage is forbidden, the room is kept as long as the page lives. */
let held = MAIN;

/** The room that was looked at last in this tab. */
export function lastRoom(): string {
  try {
    return sessionStorage.getItem(KEPT) ?? held;
  } catch {
    return held;
  }
}

export function keepLastRoom(room: string): void {
  held = room;
  try {
    sessionStorage.setItem(KEPT, room);
  } catch { /* Held above. */ }
}

/** The room is no more. */
export function forgetLastRoom(): void {
  keepLastRoom(MAIN);
}
