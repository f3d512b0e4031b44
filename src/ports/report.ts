/** Something the operator should know and no fan should see. */
export type Report = (event: ReportedEvent) => void;

export interface ReportedEvent {
  readonly what:
    | "dependency_failed"
    | "cache_failed"
    | "after_answer_failed"
    | "tick_failed"
    | "repair_failed"
    | "rate_limit_failed"
    | "internal_error";
  readonly error: unknown;
  readonly requestId?: string;
}
