/** The value of a field for a local time, of an instant; empty of null. */
export function localValue(instant: string | null): string {
  if (instant === null) return "";
  const at = new Date(instant);
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

/** The instant of such a value; null of an empty one. */
export function instantOf(local: string): string | null {
  return local === "" ? null : new Date(local).toISOString();
}
