import type { ComponentChildren } from "preact";
import { useId, useState } from "preact/hooks";
import { useWords } from "../shared/language.ts";
import type { Trouble } from "./asking.ts";
import { OPS } from "./words.ts";

/** As the API names a place in a table. */
export const LINE = /^line (\d+)(?:\.(.+))?/;

/** Where a fault is: the line of a table, or the member of a body. */
export function placeText(words: typeof OPS.en, path: string): string {
  const [, line, column] = LINE.exec(path) ?? [];
  return line ? words.atLine(line, column ?? "") : path;
}

/** What went wrong. The detail would say the faulty members again. */
export function TroubleNotice({ trouble }: { readonly trouble: Trouble | null }) {
  const words = useWords(OPS);
  if (trouble === null) return null;
  if (trouble === "UNREACHABLE") {
    return <p class="notice warn" role="alert">{words.unreachable}</p>;
  }
  const errors = "errors" in trouble ? trouble.errors : [];
  return (
    <div class="notice bad" role="alert">
      <p>
        <strong>{trouble.title}</strong> {errors.length === 0 && trouble.detail}
      </p>
      {errors.length > 0 && (
        <ul class="faults">
          {errors.map(({ path, message }, index) => (
            <li key={index}>
              <code>{placeText(words, path)}</code> {message}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

export function Loading() {
  const words = useWords(OPS);
  return (
    <div class="wait-dots" role="status">
      <span class="hidden-text">{words.loading}</span>
    </div>
  );
}

export interface FieldProps {
  readonly label: string;
  readonly value: string;
  readonly onValue: (value: string) => void;
  readonly type?: "number" | "datetime-local";
  readonly hint?: string;
  readonly required?: boolean;
  readonly min?: number;
  readonly max?: number;
  readonly maxLength?: number;
  readonly readOnly?: boolean;
  /** Of a long text. */
  readonly rows?: number;
}

export function Field({ label, value, onValue, hint, ...input }: FieldProps) {
  const id = useId();
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {input.rows
        ? (
          <textarea
            id={id}
            rows={input.rows}
            maxLength={input.maxLength}
            value={value}
            onInput={(event) => onValue(event.currentTarget.value)}
          />
        )
        : (
          <input
            {...input}
            id={id}
            autoComplete="off"
            aria-describedby={hint && `${id}-hint`}
            value={value}
            onInput={(event) => onValue(event.currentTarget.value)}
          />
        )}
      {hint && <small id={`${id}-hint`} class="quiet">{hint}</small>}
    </div>
  );
}

export interface SelectProps {
  readonly label: string;
  readonly value: string;
  readonly onValue: (value: string) => void;
  readonly options: readonly (readonly [value: string, text: string])[];
}

export function Select({ label, value, onValue, options }: SelectProps) {
  return (
    <label class="field">
      <span>{label}</span>
      <select value={value} onChange={(event) => onValue(event.currentTarget.value)}>
        {options.map(([of, text]) => <option key={of} value={of}>{text}</option>)}
      </select>
    </label>
  );
}

/** A number with its name. */
export function Figure({ name, children }: { name: string; children: ComponentChildren }) {
  return (
    <div class="figure">
      <dt>{name}</dt>
      <dd class="number">{children}</dd>
    </div>
  );
}

/**
 * A wide table, which scrolls by itself and not with the page. On a phone each row is a block; the
 * roles keep it a table then.
 */
export function Table(
  { name, head, rows }: {
    readonly name: string;
    readonly head: readonly string[];
    readonly rows: readonly (readonly ComponentChildren[])[];
  },
) {
  return (
    <div class="table" role="region" aria-label={name} tabIndex={0}>
      <table role="table">
        <thead role="rowgroup">
          <tr role="row">
            {head.map((text, index) => <th key={index} role="columnheader" scope="col">{text}</th>)}
          </tr>
        </thead>
        <tbody role="rowgroup">
          {rows.map((cells, row) => (
            <tr key={row} role="row">
              {cells.map((cell, index) => (
                <td key={index} role="cell" data-name={head[index]}>{cell}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

export interface PageOf<Item> {
  readonly items: readonly Item[];
  readonly nextCursor: string | null;
}

/** The cursors of the pages up to the one that is shown. */
export function useCursors() {
  const [cursors, setCursors] = useState<readonly string[]>([]);
  return {
    cursor: cursors.at(-1),
    isFirst: cursors.length === 0,
    next: (cursor: string) => setCursors([...cursors, cursor]),
    back: () => setCursors(cursors.slice(0, -1)),
    first: () => setCursors([]),
  };
}

export function Pager(
  { cursors, nextCursor }: {
    readonly cursors: ReturnType<typeof useCursors>;
    readonly nextCursor: string | null;
  },
) {
  const words = useWords(OPS);
  if (cursors.isFirst && nextCursor === null) return null;
  return (
    <div class="row">
      <button type="button" class="button" disabled={cursors.isFirst} onClick={cursors.back}>
        {words.newer}
      </button>
      <button
        type="button"
        class="button"
        disabled={nextCursor === null}
        onClick={() => nextCursor !== null && cursors.next(nextCursor)}
      >
        {words.older}
      </button>
    </div>
  );
}
