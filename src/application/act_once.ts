import { ok, type Result } from "../domain/result.ts";
import type {
  IdempotencyFailure,
  IdempotentRequest,
  OutsideAct,
  RecordedAnswer,
  RecordedAnswers,
} from "../ports/idempotency.ts";

type Done<Effects> = Omit<OutsideAct<Effects>, "once">;

/**
 * Does an act whose effect is not in PostgreSQL and records its answer, or gives the answer that its
 * key has already. If a call ends before it has recorded its answer, the next one does the act again,
 * so the effect of `act` must not happen twice.
 */
export async function actOnce<Effects, Failure>(
  answers: RecordedAnswers,
  once: IdempotentRequest | null,
  act: () => Promise<Result<Done<Effects>, Failure>>,
): Promise<Result<RecordedAnswer<Effects>, Failure | IdempotencyFailure>> {
  if (once) {
    const found = await answers.find<Effects>(once);
    if (!found.ok) return found;
    if (found.value) return ok(found.value);
  }
  const done = await act();
  if (!done.ok) return done;
  const { answer, effects, entry } = done.value;
  if (!once && !entry) return ok({ json: JSON.stringify(answer), effects, replayed: false });
  return await answers.record({ once, answer, effects, entry });
}

/** A name of the request for a store that keeps its effect: another request has another name. */
export async function nameOfRequest(
  { caller, route, key, bodyHash }: IdempotentRequest,
): Promise<string> {
  return await sha256Hex(JSON.stringify([caller, route, key, bodyHash]));
}

export async function sha256Hex(text: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return new Uint8Array(digest).toHex();
}
