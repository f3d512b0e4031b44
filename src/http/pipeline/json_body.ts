import type { LongText } from "../../domain/long_text.ts";

/** JSON as a body. It ends in a newline, so that a shell's prompt begins a line. */
export function asLine(json: string): string {
  return `${json}\n`;
}

/** The same of a long text, in UTF-8. Each part is made when the client has taken the one before it. */
export function streamed(json: LongText): ReadableStream<Uint8Array<ArrayBuffer>> {
  const parts = lineOf(json);
  const encoder = new TextEncoder();
  return new ReadableStream({
    pull(controller) {
      const { done, value } = parts.next();
      if (done) controller.close();
      else controller.enqueue(encoder.encode(value));
    },
  }, { highWaterMark: 0 });
}

function* lineOf(json: LongText): Generator<string> {
  yield* json.parts();
  yield "\n";
}
