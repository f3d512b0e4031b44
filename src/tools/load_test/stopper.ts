/** What is thrown out of every wait once the rush is stopped. */
export class Stopped extends Error {
  override readonly name = "Stopped";
}

/** One switch that ends every sleep and every request of the crowd at once. */
export function stopper() {
  const ends = new Set<() => void>();
  let stopped = false;
  return {
    get stopped() {
      return stopped;
    },
    stop(): void {
      stopped = true;
      for (const end of [...ends]) end();
    },
    /** Calls `end` at the stop; what it gives back takes that off again. */
    onStop(end: () => void): () => void {
      if (stopped) throw new Stopped();
      ends.add(end);
      return () => void ends.delete(end);
    },
    sleep(ms: number): Promise<void> {
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

export type Stopper = ReturnType<typeof stopper>;
