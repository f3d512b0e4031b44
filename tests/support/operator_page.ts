/** A local time as a field of a form has it. */
export function localInput(inMs: number): string {
  const at = new Date(Date.now() + inMs);
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

/** Calls of the API beside the page; each must succeed. */
export function operatorCalls(base: string, token: string) {
  return {
    // deno-lint-ignore no-explicit-any -- The bodies are those of the routes.
    async call(method: string, path: string, json?: unknown): Promise<any> {
      return await send(base, method, path, json, { Authorization: `Bearer ${token}` });
    },
  };
}

async function send(
  base: string,
  method: string,
  path: string,
  json: unknown,
  headers: Record<string, string>,
) {
  const answer = await fetch(base + path, {
    method,
    headers: { ...headers, ...json !== undefined && { "Content-Type": "application/json" } },
    ...json !== undefined && { body: JSON.stringify(json) },
  });
  if (!answer.ok) throw new Error(`${method} ${path}: ${await answer.text()}`);
  return await answer.json();
}

interface OnSale {
  readonly concertId: number;
  readonly scheduleId: number;
  readonly seats: { readonly seats: readonly (readonly [seatId: number])[] };
}

/** Each fan joins, and buys one seat where there is a sale; the codes of their tickets. */
export async function sellTo(
  base: string,
  fans: readonly string[],
  sale: OnSale | null,
  room = "main",
): Promise<string[]> {
  const codes: string[] = [];
  for (const [index, userId] of fans.entries()) {
    const { accessToken } = await send(base, "POST", "/dev/sign-in", { userId }, {});
    const fan = { Authorization: `Bearer ${accessToken}` };
    const { token } = await send(base, "POST", "/v1/queue/tokens", { room }, fan);
    if (!sale) continue;
    const key = (name: string) => ({ ...fan, "Idempotency-Key": `${userId}-${name}` });
    await send(base, "POST", "/v1/balance/charges", { amount: 100_000 }, key("charge"));
    const { concertId, scheduleId, seats } = sale;
    const held = await send(base, "POST", "/v1/reservations", {
      concertId,
      scheduleId,
      seatIds: [seats.seats[index]![0]],
    }, { ...fan, "Queue-Token": token });
    const reservationIds = held.reservations.map((one: { reservationId: string }) =>
      one.reservationId
    );
    await send(base, "POST", "/v1/payments", { reservationIds }, key("pay"));
    const { items } = await send(base, "GET", "/v1/tickets", undefined, fan);
    codes.push(items[0].code);
  }
  return codes;
}
