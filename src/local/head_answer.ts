/** The same answer to HEAD without a length: Deno would give that of the absent body, which is 0. */
export function withoutLength(request: Request, response: Response): Response {
  if (request.method !== "HEAD" || response.status === 304) return response;
  const nothing = new ReadableStream({ start: (controller) => controller.close() });
  const { status, statusText, headers } = response;
  return new Response(nothing, { status, statusText, headers });
}
