import type { ProblemCode } from "@stanchion/client";
import { problems as en } from "../words/en/problems.ts";
import { problems as ko } from "../words/ko/problems.ts";
import { FRAME_WORDS } from "./frame.tsx";
import { useWords } from "./language.ts";
import { signOut } from "./session.ts";
import type { Trouble } from "./trouble.ts";

const WORDS = { en, ko };

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
  return (
    <div class="notice bad" role="alert">
      <p>
        <strong>{title}</strong>
      </p>
      <p>{wayOn}</p>
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
