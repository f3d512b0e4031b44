/** A refusal is a normal answer and travels as data; faults throw. */
export type Result<Value, Refusal> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly failure: Refusal };

export function ok<Value>(value: Value): { readonly ok: true; readonly value: Value } {
  return { ok: true, value };
}

export function refused<Refusal>(
  failure: Refusal,
): { readonly ok: false; readonly failure: Refusal } {
  return { ok: false, failure };
}
