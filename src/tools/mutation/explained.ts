import { BOUNDS_EXPLANATIONS } from "./explained_bounds.ts";
import { DOMAIN_EXPLANATIONS } from "./explained_domain.ts";
import type { Explanation } from "./explanations.ts";

/** The mutants that were looked at and need no test. */
export const EXPLANATIONS: readonly Explanation[] = [
  ...DOMAIN_EXPLANATIONS,
  ...BOUNDS_EXPLANATIONS,
];
