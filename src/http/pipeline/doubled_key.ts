const [QUOTE, BACKSLASH, COLON] = [0x22, 0x5c, 0x3a];
const [OPEN_OBJECT, CLOSE_OBJECT, OPEN_LIST, CLOSE_LIST] = [0x7b, 0x7d, 0x5b, 0x5d];

/**
 * A key that some object of a JSON text has twice; null if there is none. The text must be valid:
 * `JSON.parse` takes the last of two values in silence. One pass, without recursion.
 */
export function doubledKey(json: string): string | null {
  /** The keys of the objects that are open; null for an open list. */
  const open: (Set<string> | null)[] = [];
  for (let at = 0; at < json.length; at++) {
    switch (json.charCodeAt(at)) {
      case OPEN_OBJECT:
        open.push(new Set());
        break;
      case OPEN_LIST:
        open.push(null);
        break;
      case CLOSE_OBJECT:
      case CLOSE_LIST:
        open.pop();
        break;
      case QUOTE: {
        const end = endOfString(json, at);
        if (isKey(json, end)) {
          const key = textOf(json.slice(at, end));
          const keys = open.at(-1)!;
          if (keys.has(key)) return key;
          keys.add(key);
        }
        at = end - 1;
      }
    }
  }
  return null;
}

/** The index after the closing quote of the string that begins here. */
function endOfString(json: string, start: number): number {
  for (let at = start + 1;; at++) {
    const code = json.charCodeAt(at);
    if (code === BACKSLASH) at++;
    else if (code === QUOTE) return at + 1;
  }
}

/** A string is a key if a colon follows. */
function isKey(json: string, end: number): boolean {
  let at = end;
  while (json.charCodeAt(at) <= 0x20) at++;
  return json.charCodeAt(at) === COLON;
}

/** What a string literal says: a key may be spelled with escapes. */
function textOf(literal: string): string {
  return literal.includes("\\") ? JSON.parse(literal) : literal.slice(1, -1);
}
