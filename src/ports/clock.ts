/** Epoch milliseconds. */
export type Clock = () => number;

/** Uniform in [0, 1). */
export type Random = () => number;

/** A fresh identifier that nobody can guess, without a prefix. */
export type NewId = () => string;
