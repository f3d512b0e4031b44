import { useCallback, useEffect, useState } from "preact/hooks";
import { type Trouble, troubleOf, troubleOfThrown } from "./trouble.ts";

export interface Loading<Value> {
  readonly value: Value | null;
  readonly trouble: Trouble | null;
  readonly reload: () => void;
}

interface Received<Value> {
  readonly data?: Value | undefined;
  readonly error?: { readonly code: string } | undefined;
}

/** What a call answers, asked for again when `keys` change. The last value stays meanwhile. */
export function useLoaded<Value>(
  load: () => Promise<Received<Value>>,
  keys: readonly unknown[],
): Loading<Value> {
  const [value, setValue] = useState<Value | null>(null);
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  const [times, setTimes] = useState(0);
  useEffect(() => {
    let current = true;
    load().then(
      ({ data, error }) => {
        if (!current) return;
        setTrouble(data === undefined ? troubleOf(error) : null);
        if (data !== undefined) setValue(data);
      },
      () => current && setTrouble(troubleOfThrown()),
    );
    return () => void (current = false);
  }, [...keys, times]);
  const reload = useCallback(() => setTimes((before) => before + 1), []);
  return { value, trouble, reload };
}
