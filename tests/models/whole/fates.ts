import fc from "fast-check";

/** What may become of one call of an adapter between the application and what it calls. */
export const FATES = [
  /** Done, and answered. */
  "ANSWERED",
  /** Done, and answered after other calls that were sent later. */
  "LATE",
  /** Lost on its way: nothing was done. */
  "NEVER",
  /** Done, but the answer is lost. */
  "LOST",
  /** Sent again because no answer came; done twice. Only of calls that the adapter repeats. */
  "TWICE",
  /** The caller's deadline passes; what was asked for is done afterwards. */
  "STALLED",
  /** The program ends before the call is sent, and after it was done. */
  "CRASHED",
  "CRASHED_AFTER",
] as const;
export type Fate = typeof FATES[number];

/** The fates of the calls of one request, in their order; those after the last one are answered. */
export const fates: fc.Arbitrary<readonly Fate[]> = fc.oneof(
  { weight: 5, arbitrary: fc.constant<readonly Fate[]>([]) },
  {
    weight: 4,
    arbitrary: fc.array(
      fc.oneof(
        { weight: 4, arbitrary: fc.constant<Fate>("ANSWERED") },
        { weight: 5, arbitrary: fc.constantFrom(...FATES) },
      ),
      { maxLength: 6, size: "max" },
    ),
  },
);

/** In the words of a story. */
export const FATE_WORDS: { readonly [F in Fate]: string } = {
  ANSWERED: "answered",
  LATE: "done, and its answer waits",
  NEVER: "lost on its way",
  LOST: "done, and its answer is lost",
  TWICE: "done twice",
  STALLED: "not answered within its deadline, and done later",
  CRASHED: "not sent, for its program ends",
  CRASHED_AFTER: "done, and its program ends",
};
