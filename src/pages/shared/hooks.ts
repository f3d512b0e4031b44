import type { Observable } from "@stanchion/client";
import { useEffect, useState } from "preact/hooks";
import { serverNow } from "./server_clock.ts";

/** The time by a clock, again each second while the page is seen. */
function useClock(clock: () => number): number {
  const [now, setNow] = useState(clock);
  useEffect(() => {
    const tick = () => document.hidden || setNow(clock());
    const timer = setInterval(tick, 1000);
    document.addEventListener("visibilitychange", tick);
    return () => {
      clearInterval(timer);
      document.removeEventListener("visibilitychange", tick);
    };
  }, []);
  return now;
}

/** By this device: what the SDK tells of itself. */
export const useNow = () => useClock(Date.now);

/** By the server: what ends or opens at a time of the server. */
export const useServerNow = () => useClock(serverNow);

/** The present value of an observable; null where there is none yet. */
export function useObserved<Value>(observable: Observable<Value> | null): Value | null {
  const [value, setValue] = useState<Value | null>(observable?.current ?? null);
  useEffect(() => observable?.subscribe(setValue), [observable]);
  return value;
}
