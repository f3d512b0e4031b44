import { Redis } from "@upstash/redis/cloudflare";
import { DependencyError } from "../../domain/failures.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Trace } from "../../ports/trace.ts";
import { createCircuitBreaker } from "./circuit_breaker.ts";
import type { Script } from "./script.ts";

/** How long one call may take, connecting and reading included. */
const DEADLINE_MS = 2_000;

export type Reply = string | number | null | readonly Reply[];

export interface ScriptCall {
  readonly script: Script;
  readonly keys: readonly string[];
  readonly args: readonly (string | number)[];
}

/**
 * Redis over Upstash's REST protocol. Each call is one HTTP request, and one more, once, for a
 * script that Redis does not know; nothing is sent twice otherwise. Every call throws
 * `DependencyError` when Redis does not answer, or answers with an error.
 */
export interface RedisClient {
  run(call: ScriptCall): Promise<Reply>;
  /** A script, and a look aside in the same request, whose error is given, not thrown. */
  runWith(
    call: ScriptCall,
    aside: ScriptCall | Get,
  ): Promise<{ reply: Reply; beside: CompanionRead }>;
  command(...command: readonly [string, ...string[]]): Promise<Reply>;
}

export interface Get {
  readonly get: string;
}
export type CompanionRead = Reply | Error;

export interface RedisClientOptions {
  readonly url: string;
  readonly token: string;
  readonly clock: Clock;
  readonly trace: Trace;
  readonly deadlineMs?: number;
}

export function redisClient(
  { url, token, clock, trace, deadlineMs = DEADLINE_MS }: RedisClientOptions,
): RedisClient {
  const redis = new Redis({
    url,
    token,
    retry: { retries: 0 },
    // A function: with a fixed signal the SDK takes an aborted call for an answer.
    signal: () => AbortSignal.timeout(deadlineMs),
    automaticDeserialization: false,
    responseEncoding: false,
    enableTelemetry: false,
    enableAutoPipelining: false,
    readYourWrites: false,
  });
  const guarded = createCircuitBreaker({ clock, isAnswer: isAboutOneKey });

  async function reach<Value>(act: () => Promise<Value>): Promise<Value> {
    try {
      return await guarded(act);
    } catch (error) {
      throw new DependencyError("redis", withoutCommand(error));
    }
  }
  const trip = <Value>(act: () => Promise<Value>) => trace.roundTrip("redis", act);

  /** Runs the script by its text, and Redis knows it from then on. */
  function teach({ script, keys, args }: ScriptCall): Promise<Reply> {
    return trip(() => redis.eval<unknown[], Reply>(script.text, [...keys], [...args]));
  }

  async function evaluate(call: ScriptCall): Promise<Reply> {
    const { script, keys, args } = call;
    const sha1 = await script.sha1();
    try {
      return await trip(() => redis.evalsha<unknown[], Reply>(sha1, [...keys], [...args]));
    } catch (error) {
      if (!isUnknownScript(error)) throw error;
      return await teach(call);
    }
  }

  return {
    run: (call) => reach(() => evaluate(call)),
    runWith: (call, aside) =>
      reach(async () => {
        const pipeline = redis.pipeline();
        for (const each of [call, aside]) {
          if ("get" in each) pipeline.get(each.get);
          else pipeline.evalsha(await each.script.sha1(), [...each.keys], [...each.args]);
        }
        const outcomes = await trip(() => pipeline.exec<Reply[]>({ keepErrors: true }));
        const [reply, beside] = await Promise.all(outcomes.map(async ({ result, error }, i) => {
          if (!error) return result ?? null;
          const sent = i === 0 ? call : aside;
          const failed = new Error(error);
          if ("get" in sent || !isUnknownScript(failed)) return failed;
          return await teach(sent).catch((again) => again as Error);
        }));
        if (reply instanceof Error) throw reply;
        return { reply: reply ?? null, beside: beside ?? null };
      }),
    command: (...command) => reach(() => trip(() => redis.exec<Reply>([...command]))),
  };
}

function isUnknownScript(error: unknown): boolean {
  return error instanceof Error && said(error).includes("NOSCRIPT");
}

/** Redis is there: what stands under one key is of another type than the call takes it for. */
function isAboutOneKey(error: unknown): boolean {
  return error instanceof Error && said(error).includes("WRONGTYPE");
}

/** The SDK tells the whole command in its errors: scripts, and what belongs to fans. */
function withoutCommand(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  return said(error) === error.message ? error : new Error(said(error));
}

function said({ message }: Error): string {
  return message.split(", command was:", 1)[0]!;
}
