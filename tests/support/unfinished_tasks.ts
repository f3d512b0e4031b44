/** The tasks that follow the answers of an API, as a Worker's execution context takes them. */
export interface UnfinishedTasks {
  readonly context: {
    waitUntil(task: Promise<unknown>): void;
    passThroughOnException(): void;
    readonly props: Record<string, never>;
  };
  /** Waits for all of them, also for those that they begin. */
  settle(): Promise<void>;
}

export function createUnfinishedTasks(): UnfinishedTasks {
  const unfinished: Promise<unknown>[] = [];
  return {
    context: {
      waitUntil: (task) => void unfinished.push(task),
      passThroughOnException() {},
      props: {},
    },
    async settle() {
      while (unfinished.length > 0) await Promise.all(unfinished.splice(0));
    },
  };
}
