import type { ProblemCode } from "@stanchion/client";
import { problems as en } from "../words/en/problems.ts";
import { problems as ko } from "../words/ko/problems.ts";
import { FRAME_WORDS } from "./frame.tsx";
import { useWords } from "./language.ts";
import { signOut } from "./session.ts";
import type { Trouble } from "./trouble.ts";

const WORDS = { en, ko };

/** The page that the words of a problem name as the way on. */
const WAYS_ON: { readonly [Code in ProblemCode]?: "/" | "/tickets" } = {
  NOT_FOUND: "/",
  ROOM_NOT_FOUND: "/",
  WRONG_ROOM: "/",
  IDEMPOTENCY_IN_PROGRESS: "/tickets",
  RESERVATION_NOT_FOUND: "/tickets",
  RESERVATION_NOT_PAYABLE: "/tickets",
  RESERVATION_NOT_CANCELLABLE: "/tickets",
  PAYMENT_NOT_FOUND: "/tickets",
  TICKET_NOT_FOUND: "/tickets",
};

/** Says what happened, and the way on. */
export function Problem({ trouble }: { readonly trouble: Trouble }) {
  const words = useWords(WORDS);
  const frame = useWords(FRAME_WORDS);
  if (trouble === "NO_ANSWER") {
    return (
      <div class="notice bad" role="alert">
        <p>
          <strong>{frame.unreachable}</strong>
        </p>
      </div>
    );
  }
  // A newer server may have codes that this page does not know.
  const { title, wayOn } = words[trouble.code as ProblemCode] ?? words.INTERNAL;
  const page = WAYS_ON[trouble.code as ProblemCode];
  return (
    <div class="notice bad" role="alert">
      <p>
        <strong>{title}</strong>
      </p>
      <p>{wayOn}</p>
      {page && <a href={page}>{page === "/" ? frame.programme : frame.tickets}</a>}
      {trouble.code === "UNAUTHENTICATED" && (
        <div class="row">
          <button class="button" type="button" onClick={signInAgain}>{frame.signIn}</button>
        </div>
      )}
    </div>
  );
}

/** A page that begins without a token asks to sign in. */
function signInAgain(): void {
  signOut();
  location.reload();
}
