/** A request that a receiver got. */
export interface ReceivedEvent {
  readonly headers: Headers;
  readonly text: string;
  // deno-lint-ignore no-explicit-any
  readonly body: any;
}

/** A receiver of events on this machine. */
export interface Receiver {
  readonly url: string;
  readonly events: ReceivedEvent[];
  /** How it answers from now on; null: not at all. */
  answer: (() => Response) | null;
  close(): Promise<void>;
}

export async function openReceiver(): Promise<Receiver> {
  const events: ReceivedEvent[] = [];
  const closed = Promise.withResolvers<Response>();
  const server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen() {} }, async (request) => {
    const text = await request.text();
    events.push({ headers: request.headers, text, body: JSON.parse(text) });
    return receiver.answer === null ? await closed.promise : receiver.answer();
  });
  const receiver: Receiver = {
    url: `http://127.0.0.1:${server.addr.port}/events`,
    events,
    answer: () => new Response(null, { status: 204 }),
    async close() {
      closed.resolve(new Response());
      await server.shutdown();
    },
  };
  return receiver;
}
