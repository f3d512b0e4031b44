import type { Observable } from "@stanchion/client";
import { useEffect, useState } from "preact/hooks";

/** The time now, again each second while the page is seen. */
export function useNow(): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => document.hidden || setNow(Date.now()), 1000);
    const seen = () => document.hidden || setNow(Date.now());
    document.addEventListener("visibilitychange", seen);
    return () => {
      clearInterval(timer);
      document.removeEventListener("visibilitychange", seen);
    };
  }, []);
  return now;
}

/** The present value of an observable; null where there is none yet. */
export function useObserved<Value>(observable: Observable<Value> | null): Value | null {
  const [value, setValue] = useState<Value | null>(observable?.current ?? null);
  useEffect(() => observable?.subscribe(setValue), [observable]);
  return value;
}
