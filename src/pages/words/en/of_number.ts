/** The form of a word after a number as it is written: the first one after `1`. */
export function ofNumber(written: string, one: string, more: string): string {
  return written === "1" ? one : more;
}
