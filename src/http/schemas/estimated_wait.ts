import { z } from "@hono/zod-openapi";
import type { WaitEstimate } from "../../domain/wait.ts";

const seconds = z.int().min(0);

/** An estimated wait, in seconds. */
export const estimatedWaitSchema = z.object({ low: seconds, middle: seconds, high: seconds })
  .openapi("EstimatedWait");

export function estimatedWaitBody(wait: WaitEstimate | null) {
  return wait && { low: wait.low, middle: wait.seconds, high: wait.high };
}
