/** What belongs to one request and is passed along: nothing else is made per request. */
export interface Call {
  /** Keeps the task alive beyond the answer. Its failure is reported, never told to the fan. */
  after(task: Promise<unknown>): void;
}
