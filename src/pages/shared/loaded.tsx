import type { ComponentChildren } from "preact";
import { FRAME_WORDS } from "./frame.tsx";
import { useWords } from "./language.ts";
import { Problem } from "./problem.tsx";
import type { Loading } from "./use_loaded.ts";

/** The content once it is loaded; before, that it is being loaded, or why it cannot be. */
export function Loaded<Value>({ loading: { value, trouble, reload }, children }: {
  readonly loading: Loading<Value>;
  readonly children: (value: Value) => ComponentChildren;
}) {
  const words = useWords(FRAME_WORDS);
  return (
    <>
      {trouble && (
        <>
          <Problem trouble={trouble} />
          <button class="button" type="button" onClick={reload}>{words.tryAgain}</button>
        </>
      )}
      {value !== null ? children(value) : !trouble && (
        <div class="wait-dots" role="status">
          <span class="hidden-text">{words.loading}</span>
        </div>
      )}
    </>
  );
}
