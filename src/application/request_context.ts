/** What belongs to one request and is passed along: nothing else is made per request. */
export interface Call {
  /** Starts the act once the answer is made. Its failure is reported, never told to the fan. */
  afterAnswer(act: () => Promise<unknown>): void;
  /** Lets a task that is under way outlive the request, even one that ends early. */
  keepAlive(task: Promise<unknown>): void;
}
