import { byteQueue } from "../http/byte_queue.ts";

/** A reply of Redis (RESP2) with its kind: the REST protocol treats a simple string otherwise. */
export type Reply =
  | { readonly kind: "simple"; readonly text: string }
  | { readonly kind: "error"; readonly message: string }
  /** As written: 64 bits do not fit a number. */
  | { readonly kind: "integer"; readonly digits: string }
  | { readonly kind: "bulk"; readonly bytes: Uint8Array }
  | { readonly kind: "nil" }
  | { readonly kind: "array"; readonly items: readonly Reply[] };

/** What came is not RESP2, or larger than any reply that Redis may give. */
export class RespError extends Error {
  override readonly name = "RespError";
}

const LONGEST_LINE_BYTES = 65_536;
const LONGEST_BULK_BYTES = 536_870_912;
const CR = 13;
const LF = 10;
const NIL: Reply = { kind: "nil" };
const LINE = new TextDecoder();

/** One command as Redis wants it, to be sent as UTF-8. */
export function encodeCommand(args: readonly string[]): string {
  let text = `*${args.length}\r\n`;
  for (const arg of args) text += `$${utf8Length(arg)}\r\n${arg}\r\n`;
  return text;
}

/** Bytes that `text` takes in UTF-8, where half a surrogate pair becomes U+FFFD. */
function utf8Length(text: string): number {
  let bytes = text.length;
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (unit < 0x80) continue;
    bytes += unit < 0x800 ? 1 : 2;
    // A pair is four bytes for two units.
    if (unit >= 0xd800 && unit < 0xdc00 && isLowSurrogate(text.charCodeAt(at + 1))) at++;
  }
  return bytes;
}

function isLowSurrogate(unit: number): boolean {
  return unit >= 0xdc00 && unit < 0xe000;
}

interface OpenArray {
  readonly items: Reply[];
  readonly count: number;
}

/**
 * Takes the bytes of a socket as they come and gives the replies that they complete, in order.
 * `push` throws `RespError`, after which the rest of the stream has no meaning.
 */
export function respParser() {
  const queue = byteQueue();
  /** The arrays whose items are still coming, outermost first. */
  const open: OpenArray[] = [];

  /** The reply that `item` completes, if it is not part of an array that wants more. */
  function close(item: Reply): Reply | undefined {
    let whole = item;
    for (let parent = open.at(-1); parent; parent = open.at(-1)) {
      parent.items.push(whole);
      if (parent.items.length < parent.count) return undefined;
      open.pop();
      whole = { kind: "array", items: parent.items };
    }
    return whole;
  }

  return {
    push(chunk: Uint8Array): Reply[] {
      queue.append(chunk);
      const bytes = queue.view();
      const replies: Reply[] = [];
      let at = 0;
      for (;;) {
        const read = readOne(bytes, at);
        if (!read) break;
        at = read.next;
        if (typeof read.item === "number") {
          open.push({ items: [], count: read.item });
          continue;
        }
        const reply = close(read.item);
        if (reply) replies.push(reply);
      }
      queue.drop(at);
      return replies;
    },
  };
}

/** The item at `at`, or the length of the array that begins there; undefined while it is cut off. */
function readOne(
  bytes: Uint8Array,
  at: number,
): { readonly item: Reply | number; readonly next: number } | undefined {
  const lineEnd = endOfLine(bytes, at);
  if (lineEnd < 0) return undefined;
  const text = LINE.decode(bytes.subarray(at + 1, lineEnd));
  const next = lineEnd + 2;
  switch (bytes[at]) {
    case 0x2b: // +
      return { item: { kind: "simple", text }, next };
    case 0x2d: // -
      return { item: { kind: "error", message: text }, next };
    case 0x3a: // :
      if (!/^-?\d{1,19}$/.test(text)) throw new RespError(`not an integer: ${text}`);
      return { item: { kind: "integer", digits: text }, next };
    case 0x24: // $
      return readBulk(bytes, next, lengthOf(text));
    case 0x2a: { // *
      const count = lengthOf(text);
      if (count < 0) return { item: NIL, next };
      return { item: count === 0 ? { kind: "array", items: [] } : count, next };
    }
    default:
      throw new RespError(`not the start of a reply: byte ${bytes[at]}`);
  }
}

function readBulk(bytes: Uint8Array, at: number, length: number) {
  if (length < 0) return { item: NIL, next: at };
  const end = at + length;
  if (bytes.length < end + 2) return undefined;
  if (bytes[end] !== CR || bytes[end + 1] !== LF) throw new RespError("a string has no end");
  // A copy: the queue uses its bytes again.
  return { item: { kind: "bulk", bytes: bytes.slice(at, end) } as const, next: end + 2 };
}

function lengthOf(text: string): number {
  const length = Number(text);
  if (!/^(-1|\d+)$/.test(text) || length > LONGEST_BULK_BYTES) {
    throw new RespError(`not a length: ${text}`);
  }
  return length;
}

function endOfLine(bytes: Uint8Array, at: number): number {
  const end = bytes.indexOf(CR, at);
  if (end < 0 || end + 1 >= bytes.length) {
    if (bytes.length - at > LONGEST_LINE_BYTES && end < 0) throw new RespError("an endless line");
    return -1;
  }
  if (bytes[end + 1] !== LF) throw new RespError("a line has no end");
  return end;
}
