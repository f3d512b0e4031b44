import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { useWords } from "../shared/language.ts";
import { type AnyAnswer, outcomeOf, type Trouble } from "./asking.ts";
import { Field, TroubleNotice } from "./parts.tsx";
import { OPS } from "./words.ts";

/** An act of the operator, which is confirmed before it is done. */
export interface Act {
  readonly title: string;
  /** What it will do, a sentence each. */
  readonly says: readonly string[];
  /** What is asked once more before it is done. */
  readonly twice?: string;
  /** Whether the API keeps a reason of it. */
  readonly hasReason: boolean;
  /** What can be chosen about it. */
  readonly option?: { readonly label: string; readonly isChosen: boolean };
  readonly run: (reason: string, isChosen: boolean) => Promise<AnyAnswer<unknown>>;
  /** What came of it, where the title does not say it. Called after `run`. */
  readonly outcome?: () => string;
}

interface ActDialogProps {
  readonly act: Act;
  /** `done`: whether it was done. */
  readonly onClose: (done: boolean) => void;
}

function ActDialog({ act, onClose }: ActDialogProps) {
  const words = useWords(OPS);
  const dialog = useRef<HTMLDialogElement>(null);
  const [reason, setReason] = useState("");
  const [isChosen, setChosen] = useState(act.option?.isChosen ?? false);
  const [isSecond, setSecond] = useState(false);
  const [isBusy, setBusy] = useState(false);
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  const cancel = useRef<HTMLButtonElement>(null);
  useLayoutEffect(() => dialog.current?.showModal(), []);
  // A second Enter must not answer the second question.
  useLayoutEffect(() => void (isSecond && cancel.current?.focus()), [isSecond]);
  const send = async (event: Event) => {
    event.preventDefault();
    if (act.twice && !isSecond) return setSecond(true);
    setBusy(true);
    const outcome = await outcomeOf(() => act.run(reason.trim(), isChosen));
    setBusy(false);
    if ("data" in outcome) onClose(true);
    else setTrouble(outcome.trouble);
  };
  return (
    <dialog ref={dialog} aria-labelledby="act-title" onClose={() => onClose(false)}>
      <form class="stack" onSubmit={send}>
        <h2 id="act-title">{act.title}</h2>
        {isSecond
          ? <p class="notice bad" role="alert">{act.twice}</p>
          : <ul class="says">{act.says.map((text) => <li key={text}>{text}</li>)}</ul>}
        {act.option && (
          <label class="check">
            <input
              type="checkbox"
              checked={isChosen}
              onChange={(event) => setChosen(event.currentTarget.checked)}
            />
            {act.option.label}
          </label>
        )}
        {act.hasReason && (
          <Field
            label={words.reason}
            hint={words.reasonHint}
            required
            maxLength={500}
            readOnly={isSecond}
            value={reason}
            onValue={setReason}
          />
        )}
        <TroubleNotice trouble={trouble} />
        <div class="row">
          <button type="submit" class={`button ${isSecond ? "danger" : "main"}`} disabled={isBusy}>
            {isBusy ? words.doing : isSecond ? words.yesReally : words.doIt}
          </button>
          <button
            ref={cancel}
            type="button"
            class="button"
            onClick={() => dialog.current?.close()}
          >
            {words.cancel}
          </button>
        </div>
      </form>
    </dialog>
  );
}

/** Shows the act that was asked for, and says when it was done. */
export function useActs(onDone: () => void) {
  const words = useWords(OPS);
  const [act, setAct] = useState<Act | null>(null);
  const [done, setDone] = useState<string | null>(null);
  const opener = useRef<HTMLElement | null>(null);
  const close = (isDone: boolean) => {
    if (!act) return;
    setDone(isDone ? [act.title, act.outcome?.()].filter(Boolean).join(". ") : null);
    setAct(null);
    if (isDone) onDone();
    // Unless the act has taken it away, the focus goes back to where it was.
    setTimeout(() => opener.current?.isConnected && opener.current.focus());
  };
  return {
    ask(next: Act) {
      opener.current = document.activeElement as HTMLElement | null;
      setDone(null);
      setAct(next);
    },
    shown: (
      <>
        <p role="status" class={done ? "notice good done" : "hidden-text"}>
          {done && words.wasDone(done)}
        </p>
        {act && <ActDialog act={act} onClose={close} />}
      </>
    ),
  };
}
