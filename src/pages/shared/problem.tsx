import type { ProblemCode } from "@stanchion/client";
import { problems as en } from "../words/en/problems.ts";
import { problems as ko } from "../words/ko/problems.ts";
import { FRAME_WORDS } from "./frame.tsx";
import { useWords } from "./language.ts";

const WORDS = { en, ko };

/** Why something did not happen: a refusal of the API, or no answer at all. */
export type Trouble = { readonly code: ProblemCode } | "NO_ANSWER";

export function troubleOf(error: { readonly code: string } | undefined): Trouble {
  return error && error.code in en ? { code: error.code as ProblemCode } : "NO_ANSWER";
}

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
  const { title, wayOn } = words[trouble.code];
  return (
    <div class="notice bad" role="alert">
      <p>
        <strong>{title}</strong>
      </p>
      <p>{wayOn}</p>
    </div>
  );
}
