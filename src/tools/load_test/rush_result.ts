import type { Violation } from "./checks/violation.ts";
import type { Sample } from "./observations.ts";
import type { Figures } from "./report/figures.ts";
import type { Law } from "./report/laws.ts";

/** Milliseconds since the start of the rush. */
export interface Moments {
  readonly openedAtMs: number;
  /** Null: seats were left. */
  readonly soldOutAtMs: number | null;
}

export interface RushResult {
  readonly figures: Figures;
  readonly laws: readonly Law[];
  readonly moments: Moments;
  readonly violations: readonly Violation[];
  readonly notes: readonly string[];
  readonly samples: readonly Sample[];
}
