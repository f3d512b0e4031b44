/** The outcome of `task`. Throws when the task takes longer than `ms`; the task goes on. */
export async function within<Value>(ms: number, task: Promise<Value>): Promise<Value> {
  const ended = new AbortController();
  const overdue = AbortSignal.any([ended.signal, AbortSignal.timeout(ms)]);
  try {
    return await Promise.race([
      task,
      new Promise<never>((_, reject) =>
        overdue.addEventListener("abort", () => reject(overdue.reason), { once: true })
      ),
    ]);
  } finally {
    ended.abort();
  }
}
