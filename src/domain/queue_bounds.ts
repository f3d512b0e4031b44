/** The bounds and spans of the queue, which every queue store uses. Tests use smaller ones. */
export interface QueueBounds {
  /** The most fans whom one act promotes, and the most turns and admissions it ends. */
  readonly promotionBatch: number;
  /** The most places whose age one act looks at. */
  readonly ageingBatch: number;
  /** The most fans to whom one act gives drawn tickets. */
  readonly drawBatch: number;
  /** The least number of tickets behind the last called one that are near. */
  readonly leastNear: number;
  /** Up to this number ahead, a near fan gets the exact number. */
  readonly exactAhead: number;
}

export const QUEUE_BOUNDS: QueueBounds = {
  promotionBatch: 256,
  ageingBatch: 128,
  drawBatch: 128,
  leastNear: 200,
  exactAhead: 100,
};

/** The near limit is raised at most once in this time. */
export const NEAR_STEP_MS = 1_000;
/** The speed of the line is sampled once in this time. */
export const PACE_SAMPLE_MS = 5_000;
/** The speed is measured over so many turns of each slot, and over this number at least. */
export const REMEMBERED_TURNOVERS = 2;
export const FEWEST_TURNS = 30;
/** A longer time without a call, in which a fan was due to call, is an outage. */
export const SILENCE_MS = 15_000;
/** At most this share of the waiting TTL counts as one outage. */
export const LONGEST_OUTAGE_SHARE = 1 / 4;
/** So many outages are known, so that a call before them is not dated later than it was. */
export const OUTAGES_KEPT = 64;
/** A new token of a drawn place says so if its draw is one of so many last ones. */
export const LOTS_LOOKED_AT = 16;
/** Between two shares of a draw. */
export const DRAW_STEP_MS = 25;
/** How long the store knows why the place of a called fan ended. */
export const ENDED_KEPT_MS = 3_600_000;
/** How long the sums of a release by id are known: as long as the answers of idempotency keys. */
export const RELEASE_KEPT_MS = 25 * 3_600_000;
/** The rules of a room in which nobody is are checked again before somebody joins after this time. */
export const RULES_CHECK_MS = 60_000;
/** An issued ticket and its time are logged once in this share of the waiting TTL. */
export const ISSUED_LOG_SHARE = 1 / 64;

/** When the stock is counted again: while seats are left or held, and while all are sold. */
export const RECOUNT_MS = 5_000;
export const SOLD_OUT_RECOUNT_MS = 60_000;
export const SOONEST_RECOUNT_MS = 1_000;
/** A count of the stock takes less than this time. */
export const COUNT_TAKES_MS = 3_000;
/** Of two counts that arrive within this time, the one that was taken later counts. */
export const COUNT_ORDER_MS = 10_000;

/** For so long the rules of a room that is being deleted are kept out. */
export const SEAL_MS = 60_000;
/** Callers note their waiting TTL in the room once in this time. */
export const TTL_NOTED_MS = 60_000;
/**
 * The longest noted waiting TTL applies until it has run out for every answer that
 * may have it: for the TTL and this time after it was noted last.
 */
export const OLD_TTL_KEPT_MS = 900_000;

/** Admissions are counted in buckets of this length for `admittedLastMinute`. */
export const ADMISSION_BUCKET_MS = 5_000;

/**
 * The samples of a room's line that operators see: of the last hour, on average at most one in a
 * step, however often the line is promoted. A cron may be early by so much.
 */
export const HISTORY_MS = 3_600_000;
export const HISTORY_STEP_MS = 60_000;
export const HISTORY_EARLY_MS = 10_000;
/** Estimates are compared with what became of them in this time. */
export const WAIT_CHECK_MS = 900_000;
export const HISTORY_SAMPLES = HISTORY_MS / (HISTORY_STEP_MS - HISTORY_EARLY_MS);
