import { uniformFloat64 } from "pure-rand/distribution/uniformFloat64";
import { mersenne } from "pure-rand/generator/mersenne";

/** A pause is at most this many times its mean. */
const LONGEST_PAUSE_IN_MEANS = 4;

/** One stream of random numbers. The same seed and stream give the same numbers. */
export interface RandomStream {
  /** True with this probability. */
  chance(probability: number): boolean;
  between(min: number, max: number): number;
  /** A whole number; both ends are included. */
  whole(min: number, max: number): number;
  /** Exponential with this mean, cut at four times the mean. */
  pause(mean: number): number;
}

/** Hashes (seed, stream) to 32 bits, so that neighbouring streams are independent. */
function mix(seed: number, stream: number): number {
  let bits = Math.imul(seed ^ 0x9e3779b1, 0x85ebca6b) ^
    Math.imul(stream + 1, 0xc2b2ae35);
  bits = Math.imul(bits ^ (bits >>> 15), 0x2c1b3c6d);
  bits = Math.imul(bits ^ (bits >>> 12), 0x297a2d39);
  return bits ^ (bits >>> 15);
}

export function createRandomStream(seed: number, stream: number): RandomStream {
  const generator = mersenne(mix(seed, stream));
  const next = () => uniformFloat64(generator);
  const between = (min: number, max: number) => min + next() * (max - min);
  return {
    chance: (probability) => next() < probability,
    between,
    whole: (min, max) => Math.min(max, Math.floor(between(min, max + 1))),
    pause: (mean) => Math.min(-Math.log(1 - next()), LONGEST_PAUSE_IN_MEANS) * mean,
  };
}
