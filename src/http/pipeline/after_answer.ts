import type { MiddlewareHandler } from "hono";
import type { Report } from "../../ports/report.ts";
import type { ApiEnv } from "./api_env.ts";

/** Gives each request its `RequestContext`, and starts its tasks after the answer. */
export function afterAnswer({ report }: { report: Report }): MiddlewareHandler<ApiEnv> {
  return async (c, next) => {
    const acts: (() => Promise<unknown>)[] = [];
    const keepAlive = (task: Promise<unknown>) =>
      c.executionCtx.waitUntil(
        task.catch((error) => report({ what: "after_answer_failed", error })),
      );
    c.set("context", { keepAlive, afterAnswer: (act) => void acts.push(act) });
    await next();
    for (const act of acts) keepAlive(act());
  };
}
