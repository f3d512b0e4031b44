const SMALLEST_BYTES = 16_384;
/** A queue that once held more than this gives its memory back when it is empty again. */
const KEPT_BYTES = 1_048_576;

/** Bytes in the order in which they came, contiguous, for parsers that may need more of them. */
export function byteQueue() {
  let bytes = new Uint8Array(SMALLEST_BYTES);
  let start = 0;
  let end = 0;

  function makeRoom(count: number): void {
    const length = end - start;
    const capacity = length + count <= bytes.length
      ? bytes.length
      : Math.max(2 * bytes.length, length + count);
    const roomy = capacity === bytes.length ? bytes : new Uint8Array(capacity);
    roomy.set(bytes.subarray(start, end));
    bytes = roomy;
    start = 0;
    end = length;
  }

  return {
    append(chunk: Uint8Array): void {
      if (end + chunk.length > bytes.length) makeRoom(chunk.length);
      bytes.set(chunk, end);
      end += chunk.length;
    },
    /** What is in the queue, until the next `append` or `drop`. */
    view: (): Uint8Array => bytes.subarray(start, end),
    /** Takes `count` bytes off the front. */
    drop(count: number): void {
      start += count;
      if (start < end) return;
      start = end = 0;
      if (bytes.length > KEPT_BYTES) bytes = new Uint8Array(SMALLEST_BYTES);
    },
  };
}

export type ByteQueue = ReturnType<typeof byteQueue>;
