import { uniformFloat64 } from "pure-rand/distribution/uniformFloat64";
import { mersenne } from "pure-rand/generator/mersenne";

/** A pause never lasts longer than this many times its mean. */
const LONGEST_PAUSE_IN_MEANS = 4;

/** One stream of chance. The same seed and stream give the same throws, whatever others throw. */
export interface Dice {
  chance(share: number): boolean;
  between(min: number, max: number): number;
  /** A whole number, both ends included. */
  whole(min: number, max: number): number;
  /** Exponential around the mean, as waiting times of people are, and bounded. */
  pause(mean: number): number;
}

/** Spreads (seed, stream) over 32 bits, so that neighbours have nothing in common. */
function mixed(seed: number, stream: number): number {
  let bits = Math.imul(seed ^ 0x9e3779b1, 0x85ebca6b) ^ Math.imul(stream + 1, 0xc2b2ae35);
  bits = Math.imul(bits ^ (bits >>> 15), 0x2c1b3c6d);
  bits = Math.imul(bits ^ (bits >>> 12), 0x297a2d39);
  return bits ^ (bits >>> 15);
}

export function dice(seed: number, stream: number): Dice {
  const generator = mersenne(mixed(seed, stream));
  const next = () => uniformFloat64(generator);
  const between = (min: number, max: number) => min + next() * (max - min);
  return {
    chance: (share) => next() < share,
    between,
    whole: (min, max) => Math.min(max, Math.floor(between(min, max + 1))),
    pause: (mean) => Math.min(-Math.log(1 - next()), LONGEST_PAUSE_IN_MEANS) * mean,
  };
}
