import type { Stores } from "../../src/composition/stores.ts";

export type Store = "redis" | "postgres";
/** Called before each act of a port. What it throws is what the act throws. */
export type BeforeAct = (store: Store, act: string) => void;

const OF_REDIS: readonly (keyof Stores)[] = ["queue", "cache", "admissionCheck"];

/** The same stores with something before each act. */
export function intercepted(stores: Stores, before: BeforeAct): Stores {
  const ports = Object.entries(stores).map(([port, acts]) => {
    const store = OF_REDIS.includes(port as keyof Stores) ? "redis" : "postgres";
    return [port, interceptedPort(acts, (act) => before(store, `${port}.${act}`))];
  });
  return Object.fromEntries(ports);
}

function interceptedPort(port: object, before: (act: string) => void): object {
  type Act = (...given: unknown[]) => Promise<unknown>;
  return Object.fromEntries(
    Object.entries(port as Record<string, Act>).map(([name, act]) => [
      name,
      async (...given: unknown[]) => {
        before(name);
        return await act(...given);
      },
    ]),
  );
}
