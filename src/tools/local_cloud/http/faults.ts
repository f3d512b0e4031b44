import { type Answer, CUT } from "./server.ts";

interface FaultAim {
  /** How many requests it hits; until it is cleared when left out. */
  readonly times?: number;
  /** Of the request's body; every request when left out. */
  readonly match?: (body: string) => boolean;
}

export type Fault =
  & FaultAim
  & (
    /** The connection is cut before anything is done. */
    | { readonly kind: "reset" }
    /** Nothing is done and nothing comes, until the faults are cleared: then it is cut. */
    | { readonly kind: "hang" }
    /** Acts and answers, but the body comes byte by byte, so many ms apart. */
    | { readonly kind: "drip"; readonly everyMs: number }
    /** Told to go away, and nothing is done. */
    | { readonly kind: "status429" }
    | { readonly kind: "status500" }
    /** Acts, and then the connection is cut without the answer. */
    | { readonly kind: "lose" }
  );

export interface Faults {
  /** The fault that was injected first and still has times left hits. */
  inject(fault: Fault): void;
  /** Ends all of them, and lets go of the requests that hang. */
  clear(): void;
}

export interface FaultyRequest {
  readonly body: string;
  act(): Promise<Answer>;
  errorBody(message: string): string;
}

/** Everything that can go wrong between a program and a service that it calls over HTTP. */
export function createFaultInjector() {
  let active: { readonly fault: Fault; timesLeft: number }[] = [];
  let held: (() => void)[] = [];

  function strike(body: string): Fault | undefined {
    const hit = active.find(({ fault }) => fault.match?.(body) ?? true);
    if (!hit) return undefined;
    if (--hit.timesLeft === 0) active = active.filter((other) => other !== hit);
    return hit.fault;
  }

  return {
    faults: {
      inject(fault: Fault): void {
        const { times = Infinity } = fault;
        if (times > 0) active.push({ fault, timesLeft: times });
      },
      clear(): void {
        active = [];
        for (const release of held) release();
        held = [];
      },
    } satisfies Faults,
    async answer({ body, act, errorBody }: FaultyRequest): Promise<Answer | typeof CUT> {
      const fault = active.length > 0 ? strike(body) : undefined;
      switch (fault?.kind) {
        case undefined:
          return await act();
        case "reset":
          return CUT;
        case "hang":
          await new Promise<void>((resolve) => held.push(resolve));
          return CUT;
        case "drip":
          return { ...await act(), dripEveryMs: fault.everyMs };
        case "status429":
          return { status: 429, body: errorBody("too many requests") };
        case "status500":
          return { status: 500, body: errorBody("internal error") };
        case "lose":
          await act();
          return CUT;
      }
    },
  };
}
