/** Epoch milliseconds. */
export type Clock = () => number;

/** Uniform in [0, 1). */
export type Random = () => number;

/** A random UUID, without a prefix. Nobody can guess it. */
export type NewId = () => string;
