import { DRAW_VALUES } from "../../domain/draw.ts";
import {
  ASSUMED_TURNOVER_SECONDS,
  LEAST_USED_SHARE,
  SHORTEST_TURN_SECONDS,
} from "../../domain/line_speed.ts";
import { MIN_POLL_JITTER_SECONDS, POLL_JITTER, POLL_SHARE_OF_WAIT } from "../../domain/polling.ts";
import { EPOCH_STEP_MS, RETURNED_ORDERS, TICKET_SPAN } from "../../domain/queue.ts";
import { INTERVAL_UNITS } from "../../domain/promotion.ts";
import * as bounds from "../../domain/queue_bounds.ts";
import { LAYOUT } from "./layout.ts";

/**
 * Writes the numbers of the domain into a script, in the place of their names. As local variables
 * they would cost each call about 3 µs, because scripts define their functions at every call.
 */
export function writeNumbers(limits: bounds.QueueBounds): (script: string) => string {
  const numbers: Record<string, number> = {
    PROMOTION_BATCH: limits.promotionBatch,
    AGEING_BATCH: limits.ageingBatch,
    DRAW_BATCH: limits.drawBatch,
    LEAST_NEAR: limits.leastNear,
    EXACT_AHEAD: limits.exactAhead,
    NEAR_STEP_MS: bounds.NEAR_STEP_MS,
    PACE_SAMPLE_MS: bounds.PACE_SAMPLE_MS,
    REMEMBERED_TURNOVERS: bounds.REMEMBERED_TURNOVERS,
    FEWEST_TURNS: bounds.FEWEST_TURNS,
    SILENCE_MS: bounds.SILENCE_MS,
    LONGEST_OUTAGE_SHARE: bounds.LONGEST_OUTAGE_SHARE,
    OUTAGES_KEPT: bounds.OUTAGES_KEPT,
    LOTS_LOOKED_AT: bounds.LOTS_LOOKED_AT,
    DRAW_STEP_MS: bounds.DRAW_STEP_MS,
    ENDED_KEPT_MS: bounds.ENDED_KEPT_MS,
    RULES_CHECK_MS: bounds.RULES_CHECK_MS,
    ISSUED_LOG_SHARE: bounds.ISSUED_LOG_SHARE,
    RECOUNT_MS: bounds.RECOUNT_MS,
    SOLD_OUT_RECOUNT_MS: bounds.SOLD_OUT_RECOUNT_MS,
    SOONEST_RECOUNT_MS: bounds.SOONEST_RECOUNT_MS,
    COUNT_TAKES_MS: bounds.COUNT_TAKES_MS,
    COUNT_ORDER_MS: bounds.COUNT_ORDER_MS,
    SEAL_MS: bounds.SEAL_MS,
    TTL_NOTED_MS: bounds.TTL_NOTED_MS,
    OLD_TTL_KEPT_MS: bounds.OLD_TTL_KEPT_MS,
    LAYOUT,
    ADMISSION_BUCKET_MS: bounds.ADMISSION_BUCKET_MS,
    HISTORY_MS: bounds.HISTORY_MS,
    HISTORY_STEP_MS: bounds.HISTORY_STEP_MS,
    HISTORY_EARLY_MS: bounds.HISTORY_EARLY_MS,
    HISTORY_SAMPLES: bounds.HISTORY_SAMPLES,
    WAIT_CHECK_MS: bounds.WAIT_CHECK_MS,
    INTERVAL_UNITS,
    ASSUMED_TURNOVER_SECONDS,
    SHORTEST_TURN_SECONDS,
    LEAST_USED_SHARE,
    POLL_SHARE_OF_WAIT,
    POLL_JITTER,
    MIN_POLL_JITTER_SECONDS,
    TICKET_SPAN,
    EPOCH_STEP_MS,
    RETURNED_ORDERS,
    DRAW_VALUES,
    NEVER: Number.MAX_SAFE_INTEGER,
  };
  const names = new RegExp(`\\b(${Object.keys(numbers).join("|")})\\b`, "g");
  return (script) => script.replaceAll(names, (name) => String(numbers[name]));
}
