/** Thrown out of every wait and every request once the switch is set. */
export class Stopped extends Error {
  override readonly name = "Stopped";
  /** `waitedFor`: the call that had no final answer, and its last answer; empty for a pause. */
  constructor(readonly waitedFor = "") {
    super(waitedFor === "" ? "stopped" : `stopped while waiting for ${waitedFor}`);
  }
}

/** Ends all sleeps and all requests that share it at once. */
export interface StopSwitch {
  readonly stopped: boolean;
  stop(): void;
  /** Calls `end` at the stop. Returns a function that removes `end`. Throws `Stopped` afterwards. */
  onStop(end: () => void): () => void;
  /** Rejects with `Stopped` at the stop. */
  sleep(ms: number): Promise<void>;
}

/** A set of callbacks: removing a listener of an AbortSignal takes time linear in their number. */
export function createStopSwitch(): StopSwitch {
  const ends = new Set<() => void>();
  let stopped = false;
  return {
    get stopped() {
      return stopped;
    },
    stop() {
      stopped = true;
      for (const end of [...ends]) end();
    },
    onStop(end) {
      if (stopped) throw new Stopped();
      ends.add(end);
      return () => void ends.delete(end);
    },
    sleep(ms) {
      if (stopped) return Promise.reject(new Stopped());
      return new Promise((resolve, reject) => {
        const timer = setTimeout(() => {
          ends.delete(end);
          resolve();
        }, ms);
        const end = () => {
          clearTimeout(timer);
          ends.delete(end);
          reject(new Stopped());
        };
        ends.add(end);
      });
    },
  };
}
