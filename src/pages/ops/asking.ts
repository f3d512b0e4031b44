import { isProblem, type StanchionProblem } from "@stanchion/client";
import { useEffect, useRef, useState } from "preact/hooks";
import { useLanguage } from "../shared/language.ts";

/** What an answer of the client has, of whatever route. */
export interface AnyAnswer<Data> {
  readonly data?: Data | undefined;
  readonly error?: unknown;
}

/** The answer of a route that can also answer a table, where none was asked for. */
export async function inJson<Data>(
  asked: Promise<AnyAnswer<Data>>,
): Promise<AnyAnswer<Exclude<Data, string>>> {
  const { data, error } = await asked;
  return typeof data === "string" ? { error } : { data: data as Exclude<Data, string>, error };
}

/** A refusal, or that there was no answer. */
export type Trouble = StanchionProblem | "UNREACHABLE";

export interface Asked<Data> {
  /** The last answer, also while a later one fails. */
  readonly data: Data | null;
  readonly trouble: Trouble | null;
  /** When the data came, in epoch milliseconds. */
  readonly atMs: number;
  readonly again: () => void;
}

/** Asks, and says what went wrong if anything did. */
export async function outcomeOf<Data>(
  ask: () => Promise<AnyAnswer<Data>>,
): Promise<{ readonly data: Data } | { readonly trouble: Trouble }> {
  try {
    const { data, error } = await ask();
    if (data !== undefined) return { data };
    return { trouble: isProblem(error) ? error : "UNREACHABLE" };
  } catch {
    return { trouble: "UNREACHABLE" };
  }
}

/**
 * The answer to a question, asked again when `about` or the language changes, and in each interval
 * while the page is seen. Of two answers the one that was asked for later counts.
 */
export function useAsked<Data>(
  ask: () => Promise<AnyAnswer<Data>>,
  about: string,
  everyMs = 0,
): Asked<Data> {
  const language = useLanguage();
  const name = `${language} ${about}`;
  const [state, setState] = useState<Omit<Asked<Data>, "again"> & { readonly of: string }>(
    { data: null, trouble: null, atMs: 0, of: name },
  );
  const asked = useRef(0);
  const run = async () => {
    const number = ++asked.current;
    const outcome = await outcomeOf(ask);
    if (number !== asked.current) return;
    setState((before) =>
      "data" in outcome
        ? { data: outcome.data, trouble: null, atMs: Date.now(), of: about }
        : { ...before, trouble: outcome.trouble, of: about }
    );
  };
  useEffect(() => {
    void run();
    if (everyMs === 0) return () => void asked.current++;
    const timer = setInterval(() => document.hidden || void run(), everyMs);
    return () => {
      clearInterval(timer);
      asked.current++;
    };
  }, [name, everyMs]);
  const isOther = state.of !== about;
  const shown = isOther ? { data: null, trouble: null, atMs: 0 } : state;
  return { ...shown, again: () => void run() };
}
