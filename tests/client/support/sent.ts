/** A check may run over the built package, which has an error class of its own. */
export const PLACE_ENDED = /^Error: the place is/;
export const JOIN = "POST /v1/queue/tokens";
export const POLL = "GET /v1/queue/tokens/me";

/** Each call, its queue token, and whether it has an access token. */
export const calls = (sent: readonly { method: string; path: string; headers: Headers }[]) =>
  sent.map(({ method, path, headers }) =>
    [`${method} ${path}`, headers.get("Queue-Token"), headers.has("Authorization")] as const
  );
