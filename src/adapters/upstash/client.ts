import { Redis } from "@upstash/redis/cloudflare";
import { DependencyError } from "../../domain/failures.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Trace } from "../../ports/trace.ts";
import { createCircuitBreaker } from "./circuit_breaker.ts";
import { layoutErrorOf } from "./layout.ts";
import type { Script } from "./script.ts";

/** The maximum time of one call, with connecting and reading. */
const DEADLINE_MS = 2_000;

export type Reply = string | number | null | readonly Reply[];

export interface ScriptCall {
  readonly script: Script;
  readonly keys: readonly string[];
  readonly args: readonly (string | number)[];
}

export interface Get {
  readonly get: string;
}

export interface PairedReply {
  readonly reply: Reply;
  /** An error of the companion is returned, not thrown. */
  readonly companion: Reply | Error;
}

/**
 * Redis over the REST protocol of Upstash. Each call is one HTTP request. A script that Redis does
 * not know costs one more request, once. There are no other retries. Every call throws
 * `DependencyError` when Redis does not answer or answers with an error.
 */
export interface RedisClient {
  run(call: ScriptCall): Promise<Reply>;
  /** Runs a script and a companion call in one request. */
  runWith(call: ScriptCall, companion: ScriptCall | Get): Promise<PairedReply>;
  command(...command: readonly [string, ...string[]]): Promise<Reply>;
}

export interface RedisClientOptions {
  readonly url: string;
  readonly token: string;
  readonly clock: Clock;
  readonly trace: Trace;
  readonly deadlineMs?: number;
}

export function createRedisClient(
  { url, token, clock, trace, deadlineMs = DEADLINE_MS }: RedisClientOptions,
): RedisClient {
  const redis = new Redis({
    url,
    token,
    retry: { retries: 0 },
    // A function, because with a fixed signal the SDK treats an aborted call as an answer.
    signal: () => AbortSignal.timeout(deadlineMs),
    automaticDeserialization: false,
    responseEncoding: false,
    enableTelemetry: false,
    enableAutoPipelining: false,
    readYourWrites: false,
  });
  redis.use((request, next) =>
    next({ ...request, headers: { ...request.headers, ...trace.headers() } })
  );
  const isAnswer = (error: unknown) => isAboutOneKey(error) || isAboutLayout(error);
  const breaker = createCircuitBreaker({ clock, isAnswer });

  async function guarded<Value>(act: () => Promise<Value>): Promise<Value> {
    try {
      return await breaker(act);
    } catch (error) {
      throw new DependencyError("redis", withoutCommand(error));
    }
  }
  const traced = <Value>(act: () => Promise<Value>) =>
    trace.roundTrip("redis", act, (error) => isAnswer(error) || isUnknownScript(error));

  /** Runs the script by its text. Redis then has it under its SHA-1. */
  function runByText({ script, keys, args }: ScriptCall): Promise<Reply> {
    return traced(() => redis.eval<unknown[], Reply>(script.text, [...keys], [...args]));
  }

  async function evaluate(call: ScriptCall): Promise<Reply> {
    const { script, keys, args } = call;
    const sha1 = await script.sha1();
    try {
      return await traced(() => redis.evalsha<unknown[], Reply>(sha1, [...keys], [...args]));
    } catch (error) {
      if (!isUnknownScript(error)) throw error;
      return await runByText(call);
    }
  }

  return {
    run: (call) => guarded(() => evaluate(call)),
    runWith: (call, companionCall) =>
      guarded(async () => {
        const pipeline = redis.pipeline();
        for (const each of [call, companionCall]) {
          if ("get" in each) pipeline.get(each.get);
          else pipeline.evalsha(await each.script.sha1(), [...each.keys], [...each.args]);
        }
        const outcomes = await traced(() => pipeline.exec<Reply[]>({ keepErrors: true }));
        const [reply, companion] = await Promise.all(outcomes.map(async ({ result, error }, i) => {
          if (!error) return result ?? null;
          const sent = i === 0 ? call : companionCall;
          const failed = new Error(error);
          if ("get" in sent || !isUnknownScript(failed)) return failed;
          return await runByText(sent).catch((again) => again as Error);
        }));
        if (reply instanceof Error) throw reply;
        return { reply: reply ?? null, companion: companion ?? null };
      }),
    command: (...command) => guarded(() => traced(() => redis.exec<Reply>([...command]))),
  };
}

function isUnknownScript(error: unknown): boolean {
  return error instanceof Error && messageOf(error).includes("NOSCRIPT");
}

/** One key has another type than the call expects. Redis itself is available. */
function isAboutOneKey(error: unknown): boolean {
  return error instanceof Error && messageOf(error).includes("WRONGTYPE");
}

/** A room was begun by another version of the program. Redis itself is available. */
function isAboutLayout(error: unknown): boolean {
  return error instanceof Error && layoutErrorOf(messageOf(error)) !== null;
}

/** Removes the command, which the SDK appends to its errors: it contains data of fans. */
function withoutCommand(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const layoutError = layoutErrorOf(messageOf(error));
  if (layoutError) return layoutError;
  return messageOf(error) === error.message ? error : new Error(messageOf(error));
}

function messageOf({ message }: Error): string {
  return message.split(", command was:", 1)[0]!;
}
