import type { LongText } from "../../domain/long_text.ts";

/** The text in UTF-8. Each part is made when the client has taken the one before it. */
export function streamed(text: LongText): ReadableStream<Uint8Array<ArrayBuffer>> {
  const parts = text.parts()[Symbol.iterator]();
  const encoder = new TextEncoder();
  return new ReadableStream({
    pull(controller) {
      const { done, value } = parts.next();
      if (done) controller.close();
      else controller.enqueue(encoder.encode(value));
    },
  }, { highWaterMark: 0 });
}
