import { QUEUE_BOUNDS, type QueueBounds } from "../../src/domain/queue_bounds.ts";

export interface RedisQueueSize {
  /** Numbers of fans who wait, or gather, ascending. */
  readonly waiting: readonly number[];
  /** Fans admitted, who fill the room: the others wait. */
  readonly capacity: number;
  /** Fans who wait near the front, but at most half of all. */
  readonly near: number;
  readonly rounds: number;
  /** Calls a round. */
  readonly calls: number;
  /** Scans of the whole queue a round. */
  readonly scans: number;
  /** Acts at a bound that are measured one by one. */
  readonly longActs: number;
  readonly bounds: QueueBounds;
}

export const FULL_SIZE: RedisQueueSize = {
  waiting: [1e3, 1e4, 1e5, 1e6],
  capacity: 1_000,
  near: 10_000,
  rounds: 15,
  calls: 500,
  scans: 1,
  longActs: 20,
  bounds: QUEUE_BOUNDS,
};
/** Bounds so small that few fans reach them. */
export const SMOKE_SIZE: RedisQueueSize = {
  waiting: [60, 120],
  capacity: 10,
  near: 40,
  rounds: 2,
  calls: 20,
  scans: 1,
  longActs: 2,
  bounds: { promotionBatch: 5, ageingBatch: 5, drawBatch: 7, leastNear: 20, exactAhead: 8 },
};
