import type { Pseudonym } from "../../../src/domain/ids.ts";

export function newPseudonym(): Pseudonym {
  return `erased_${crypto.randomUUID()}`;
}
