const NEWLINE = new TextEncoder().encode("\n");

/** The same answer with a newline after its JSON, so that a shell's prompt begins a line. */
export function withTrailingNewline(response: Response): Response {
  const isJson = /^application\/(?:[\w.-]+\+)?json\b/
    .test(response.headers.get("Content-Type") ?? "");
  if (!isJson || !response.body) return response;
  const append = new TransformStream<Uint8Array, Uint8Array>({
    flush: (controller) => controller.enqueue(NEWLINE),
  });
  const { status, statusText } = response;
  const headers = new Headers(response.headers);
  headers.delete("Content-Length");
  return new Response(response.body.pipeThrough(append), { status, statusText, headers });
}
