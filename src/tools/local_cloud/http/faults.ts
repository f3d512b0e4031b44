import type { Disconnect, HttpAnswer } from "./server.ts";

interface FaultTarget {
  /** How many requests the fault hits; all until `clear()` when left out. */
  readonly times?: number;
  /** Whether the fault hits a request with this body; every request when left out. */
  readonly match?: (body: string) => boolean;
}

export type Fault =
  & FaultTarget
  & (
    /** The request is not handled, and the connection is reset. */
    | { readonly kind: "reset" }
    /** The request is not handled, and nothing is sent. `clear()` cuts the connection. */
    | { readonly kind: "hang" }
    /** The request is handled, and the body of the answer is sent byte by byte, `everyMs` apart. */
    | { readonly kind: "drip"; readonly everyMs: number }
    /** The request is not handled, and is answered with this status. */
    | { readonly kind: "status429" }
    | { readonly kind: "status500" }
    /** The request is handled, and the connection is cut without an answer. */
    | { readonly kind: "lose" }
  );

export interface Faults {
  /** Of several faults that match a request, the one that was injected first hits it. */
  inject(fault: Fault): void;
  /** Removes all faults, and cuts the connections of the requests that hang. */
  clear(): void;
}

export interface FaultyRequest {
  readonly body: string;
  handle(): Promise<HttpAnswer>;
  errorBody(message: string): string;
}

export interface FaultInjector {
  readonly faults: Faults;
  /** Answers the request, with the fault that hits it, if any. */
  answer(request: FaultyRequest): Promise<HttpAnswer | Disconnect>;
}

/** What can go wrong between a program and a service that it calls over HTTP. */
export function createFaultInjector(): FaultInjector {
  let active: { readonly fault: Fault; timesLeft: number }[] = [];
  let hanging: (() => void)[] = [];

  function takeFault(body: string): Fault | undefined {
    const hit = active.find(({ fault }) => fault.match?.(body) ?? true);
    if (!hit) return undefined;
    if (--hit.timesLeft === 0) active = active.filter((other) => other !== hit);
    return hit.fault;
  }

  return {
    faults: {
      inject(fault) {
        const { times = Infinity } = fault;
        if (times > 0) active.push({ fault, timesLeft: times });
      },
      clear() {
        active = [];
        for (const release of hanging) release();
        hanging = [];
      },
    },
    async answer({ body, handle, errorBody }) {
      const fault = active.length > 0 ? takeFault(body) : undefined;
      switch (fault?.kind) {
        case undefined:
          return await handle();
        case "reset":
          return "reset";
        case "hang":
          await new Promise<void>((resolve) => hanging.push(resolve));
          return "cut";
        case "drip":
          return { ...await handle(), dripEveryMs: fault.everyMs };
        case "status429":
          return { status: 429, body: errorBody("too many requests") };
        case "status500":
          return { status: 500, body: errorBody("internal error") };
        case "lose":
          await handle();
          return "cut";
      }
    },
  };
}
