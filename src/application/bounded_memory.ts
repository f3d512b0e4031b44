/** Values of this isolate, the least recently used of which go when there are too many. */
export interface BoundedMemory<Value> {
  get(key: string): Value | undefined;
  /** A value that is larger than the whole memory is not kept. */
  set(key: string, value: Value, size: number): void;
}

export function createBoundedMemory<Value>(
  { maxSize }: { readonly maxSize: number },
): BoundedMemory<Value> {
  const kept = new Map<string, { readonly value: Value; readonly size: number }>();
  let total = 0;

  function remove(key: string): void {
    total -= kept.get(key)?.size ?? 0;
    kept.delete(key);
  }

  return {
    get(key) {
      const found = kept.get(key);
      if (!found) return undefined;
      kept.delete(key);
      kept.set(key, found);
      return found.value;
    },
    set(key, value, size) {
      remove(key);
      if (size > maxSize) return;
      kept.set(key, { value, size });
      total += size;
      while (total > maxSize) remove(kept.keys().next().value!);
    },
  };
}
