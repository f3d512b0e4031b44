/** The part of a service call that belongs to one request. Services are built once. */
export interface RequestContext {
  /** Starts the task after the answer. A failure is reported, and the answer does not change. */
  afterAnswer(task: () => Promise<unknown>): void;
  /** Lets a running task outlive the request, also when the request ends early. */
  keepAlive(task: Promise<unknown>): void;
}
