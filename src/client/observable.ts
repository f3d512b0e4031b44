/** A value that changes, with its present value. */
export interface Observable<Value> extends AsyncIterable<Value> {
  readonly current: Value;
  /** Calls at once with the present value, then with each later one. Returns the way to end it. */
  subscribe(listener: (value: Value) => void): () => void;
}

export interface Subject<Value> extends Observable<Value> {
  set(value: Value): void;
  /** No value follows. Iterations end after the present value. */
  end(): void;
}

export function createSubject<Value>(first: Value): Subject<Value> {
  const listeners = new Set<() => void>();
  let current = first;
  let version = 0;
  let ended = false;
  const notify = () => {
    for (const listener of [...listeners]) listener();
  };
  return {
    get current() {
      return current;
    },
    set(value) {
      if (ended) return;
      current = value;
      version++;
      notify();
    },
    end() {
      ended = true;
      notify();
      listeners.clear();
    },
    subscribe(listener) {
      let seen = -1;
      const call = () => {
        if (seen === version) return;
        seen = version;
        try {
          listener(current);
        } catch (error) {
          // A fault of the caller's code must not stop the polling.
          queueMicrotask(() => {
            throw error;
          });
        }
      };
      listeners.add(call);
      call();
      return () => void listeners.delete(call);
    },
    // A slow reader gets the latest value, and not each one between.
    async *[Symbol.asyncIterator]() {
      for (let seen = -1;;) {
        if (seen !== version) {
          seen = version;
          yield current;
        } else if (ended) return;
        else {
          await new Promise<void>((resolve) => {
            const once = () => {
              listeners.delete(once);
              resolve();
            };
            listeners.add(once);
          });
        }
      }
    },
  };
}
